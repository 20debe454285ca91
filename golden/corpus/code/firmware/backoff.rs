//! How long a node waits before it tries the radio again.

/// Slots of the gateway's listening schedule, in milliseconds.
const SLOT_MS: u32 = 640;
/// After this many failures in a row the node stops trying until the next reading is due.
const PATIENCE: u8 = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Try again after so many milliseconds.
    Wait(u32),
    /// Store the reading in the ring log and sleep.
    Sleep,
}

#[derive(Debug, Clone)]
pub struct Backoff {
    failures: u8,
    seed: u32,
}

impl Backoff {
    /// The seed comes from the serial number, so that two nodes that were switched on by
    /// the same power source do not collide for ever.
    pub fn new(serial: u32) -> Self {
        Backoff { failures: 0, seed: serial | 1 }
    }

    /// Call after a packet was not acknowledged.
    pub fn failed(&mut self, battery_millivolts: u16) -> Next {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= PATIENCE || Self::too_weak(battery_millivolts) {
            self.failures = 0;
            return Next::Sleep;
        }
        let slots = 1u32 << self.failures.min(5);
        let chosen = self.random() % slots;
        Next::Wait(SLOT_MS + chosen * SLOT_MS)
    }

    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// Below 2.2 volts a transmission can pull the supply under the reset threshold; the
    /// winter of 2026 taught us that three resets in a row are worse than a missing value.
    fn too_weak(battery_millivolts: u16) -> bool {
        battery_millivolts < 2_200
    }

    /// Xorshift: good enough to spread radio packets, useless for secrets.
    fn random(&mut self) -> u32 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 17;
        self.seed ^= self.seed << 5;
        self.seed
    }
}

/// Transmit power in decibel-milliwatts. In hard frost the cells cannot deliver the peak
/// current, so range is traded for staying alive.
pub fn power_for(celsius: i8, wanted: i8) -> i8 {
    if celsius <= -18 {
        wanted.min(6)
    } else {
        wanted
    }
}
