//! Targets: ratios within one round, judged by their medians. A machine's speed drifts from round to
//! round, and affects all measurements of a round.

/// A ratio with a bound.
pub struct Target {
    what: &'static str,
    bound: Bound,
    rounds: Vec<f64>,
}

/// The bound of a ratio.
#[derive(Clone, Copy)]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Target {
    pub fn new(what: &'static str, bound: Bound) -> Self {
        Self { what, bound, rounds: Vec::new() }
    }

    /// Adds the ratio of a round.
    pub fn add(&mut self, ratio: f64) {
        self.rounds.push(ratio);
    }

    /// Prints the median and its bound; whether the target is missed.
    pub fn is_missed(&self) -> bool {
        let (low, middle, high) = spread(&self.rounds);
        let (missed, bound) = match self.bound {
            Bound::AtLeast(bound) => (middle < bound, format!("at least {bound}")),
            Bound::AtMost(bound) => (middle > bound, format!("at most {bound}")),
        };
        let verdict = if missed { "MISSED" } else { "met" };
        println!("  {:<70} {middle:>7.2} ({low:.2} to {high:.2})   {bound}: {verdict}", self.what);
        missed
    }
}

/// The minimum, the median and the maximum.
pub fn spread(values: &[f64]) -> (f64, f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    (sorted[0], sorted[sorted.len() / 2], sorted[sorted.len() - 1])
}
