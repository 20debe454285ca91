//! Packs a reading into a radio frame of at most 20 bytes and back.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    pub node: u16,
    pub sequence: u32,
    pub weight_g: i32,
    pub temperature_dc: i16,
    pub humidity: u8,
    pub battery_cv: u16,
    pub lid_open: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub enum FrameError {
    TooShort,
    UnknownVersion(u8),
    BadTag,
}

const VERSION: u8 = 2;

/// Zigzag turns small negative numbers into small positive ones, so that a hive at minus
/// three degrees needs no more bytes than one at plus three.
pub fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

pub fn unzigzag(value: u32) -> i32 {
    ((value >> 1) as i32) ^ -((value & 1) as i32)
}

fn put_varint(mut value: u32, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn take_varint(bytes: &[u8], at: &mut usize) -> Result<u32, FrameError> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let byte = *bytes.get(*at).ok_or(FrameError::TooShort)?;
        *at += 1;
        value |= u32::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(FrameError::TooShort)
}

impl Frame {
    /// `tag` is a truncated keyed hash over everything before it; two bytes are enough
    /// against noise, not against a patient attacker.
    pub fn encode(&self, tag: impl Fn(&[u8]) -> u16) -> Vec<u8> {
        let mut out = vec![VERSION << 4 | u8::from(self.lid_open)];
        out.extend_from_slice(&self.node.to_le_bytes());
        put_varint(self.sequence, &mut out);
        put_varint(zigzag(self.weight_g), &mut out);
        put_varint(zigzag(i32::from(self.temperature_dc)), &mut out);
        out.push(self.humidity);
        put_varint(u32::from(self.battery_cv), &mut out);
        let check = tag(&out);
        out.extend_from_slice(&check.to_le_bytes());
        out
    }

    pub fn decode(bytes: &[u8], tag: impl Fn(&[u8]) -> u16) -> Result<Frame, FrameError> {
        if bytes.len() < 9 {
            return Err(FrameError::TooShort);
        }
        let (body, check) = bytes.split_at(bytes.len() - 2);
        if tag(body).to_le_bytes() != check {
            return Err(FrameError::BadTag);
        }
        if body[0] >> 4 != VERSION {
            return Err(FrameError::UnknownVersion(body[0] >> 4));
        }
        let mut at = 3;
        let sequence = take_varint(body, &mut at)?;
        let weight_g = unzigzag(take_varint(body, &mut at)?);
        let temperature_dc = unzigzag(take_varint(body, &mut at)?) as i16;
        let humidity = *body.get(at).ok_or(FrameError::TooShort)?;
        at += 1;
        let battery_cv = take_varint(body, &mut at)? as u16;
        let node = u16::from_le_bytes([body[1], body[2]]);
        Ok(Frame { node, sequence, weight_g, temperature_dc, humidity, battery_cv, lid_open: body[0] & 1 == 1 })
    }
}
