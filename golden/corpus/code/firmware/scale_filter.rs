//! Smooths the readings of the load cells: wind, rain drops and landing bees are not honey.

/// Median of five followed by a slow average; all values in grams.
#[derive(Debug, Clone)]
pub struct ScaleFilter {
    window: [i32; 5],
    filled: usize,
    average: Option<f32>,
    /// Share of a new value in the average while nothing happens.
    pub calm: f32,
    /// Beyond this difference the average follows at once.
    pub jump_g: i32,
}

impl Default for ScaleFilter {
    fn default() -> Self {
        ScaleFilter { window: [0; 5], filled: 0, average: None, calm: 0.12, jump_g: 400 }
    }
}

impl ScaleFilter {
    /// Takes a raw weight and returns the smoothed one. The first four inputs give nothing,
    /// as a median of fewer than five would let a single gust through.
    pub fn push(&mut self, grams: i32) -> Option<i32> {
        self.window.rotate_left(1);
        self.window[4] = grams;
        self.filled = (self.filled + 1).min(5);
        if self.filled < 5 {
            return None;
        }
        let mut sorted = self.window;
        sorted.sort_unstable();
        let median = sorted[2];
        let next = match self.average {
            None => median as f32,
            Some(old) if (median as f32 - old).abs() > self.jump_g as f32 => median as f32,
            Some(old) => old + (median as f32 - old) * self.calm,
        };
        self.average = Some(next);
        Some(next.round() as i32)
    }

    /// Forgets everything; called after the user has zeroed the plate.
    pub fn reset(&mut self) {
        *self = ScaleFilter { calm: self.calm, jump_g: self.jump_g, ..ScaleFilter::default() };
    }
}

/// Corrects the drift of the cells with temperature around the 20 degrees of the workshop.
/// `slope` is in milligrams per kilogram and degree, measured during calibration.
pub fn compensate(grams: i32, celsius: f32, slope: f32) -> i32 {
    let delta = celsius - 20.0;
    let error = grams as f32 / 1000.0 * slope * delta / 1000.0;
    grams - error.round() as i32
}

/// True when the plate carries more than its springs can bear for long.
pub fn overloaded(grams: i32) -> bool {
    grams > 180_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gust_does_not_pass() {
        let mut filter = ScaleFilter::default();
        for _ in 0..5 {
            filter.push(30_000);
        }
        assert_eq!(filter.push(34_000), Some(30_000));
    }
}
