//! A log in flash that survives power cuts: fixed records in a ring of erase blocks.

use core::cmp::Ordering;

/// Bytes of one record, header included.
pub const RECORD: usize = 32;
/// Bytes that the chip erases at once.
pub const BLOCK: usize = 4096;
const MAGIC: u8 = 0xA7;

pub trait Flash {
    fn read(&self, address: usize, into: &mut [u8]);
    fn write(&mut self, address: usize, bytes: &[u8]);
    fn erase_block(&mut self, block: usize);
    fn blocks(&self) -> usize;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    pub sequence: u32,
    pub payload: [u8; 25],
}

impl Record {
    /// The checksum is written last. A record torn by a power cut therefore fails its
    /// check and is skipped on the next start.
    fn encode(&self) -> [u8; RECORD] {
        let mut out = [0xFF; RECORD];
        out[0] = MAGIC;
        out[1..5].copy_from_slice(&self.sequence.to_le_bytes());
        out[5..30].copy_from_slice(&self.payload);
        let sum = fletcher16(&out[..30]);
        out[30..32].copy_from_slice(&sum.to_le_bytes());
        out
    }

    fn decode(bytes: &[u8; RECORD]) -> Option<Record> {
        if bytes[0] != MAGIC || fletcher16(&bytes[..30]).to_le_bytes() != bytes[30..32] {
            return None;
        }
        let mut payload = [0; 25];
        payload.copy_from_slice(&bytes[5..30]);
        let sequence = u32::from_le_bytes([bytes[1], bytes[2], bytes[3], bytes[4]]);
        Some(Record { sequence, payload })
    }
}

/// Serial numbers wrap around; the newer of two is the one less than half a circle ahead.
pub fn newer(a: u32, b: u32) -> Ordering {
    match a.wrapping_sub(b) {
        0 => Ordering::Equal,
        d if d < 1 << 31 => Ordering::Greater,
        _ => Ordering::Less,
    }
}

pub struct RingLog<F: Flash> {
    flash: F,
    head: usize,
    next: u32,
}

impl<F: Flash> RingLog<F> {
    /// Scans every slot for the newest valid record and continues after it.
    pub fn open(flash: F) -> Self {
        let slots = flash.blocks() * BLOCK / RECORD;
        let mut best: Option<(usize, u32)> = None;
        let mut buffer = [0; RECORD];
        for slot in 0..slots {
            flash.read(slot * RECORD, &mut buffer);
            if let Some(found) = Record::decode(&buffer) {
                if best.map_or(true, |(_, s)| newer(found.sequence, s) == Ordering::Greater) {
                    best = Some((slot, found.sequence));
                }
            }
        }
        match best {
            Some((slot, sequence)) => RingLog { flash, head: (slot + 1) % slots, next: sequence.wrapping_add(1) },
            None => RingLog { flash, head: 0, next: 0 },
        }
    }

    /// Appends and returns the serial number. Entering a block erases it first, which
    /// throws away the 128 oldest records.
    pub fn append(&mut self, payload: [u8; 25]) -> u32 {
        let address = self.head * RECORD;
        if address % BLOCK == 0 {
            self.flash.erase_block(address / BLOCK);
        }
        let record = Record { sequence: self.next, payload };
        self.flash.write(address, &record.encode());
        self.head = (self.head + 1) % (self.flash.blocks() * BLOCK / RECORD);
        self.next = self.next.wrapping_add(1);
        record.sequence
    }
}

fn fletcher16(bytes: &[u8]) -> u16 {
    let (mut a, mut b) = (0u16, 0u16);
    for byte in bytes {
        a = (a + u16::from(*byte)) % 255;
        b = (b + a) % 255;
    }
    b << 8 | a
}
