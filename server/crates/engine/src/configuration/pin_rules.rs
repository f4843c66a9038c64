//! The rules for PINs that users choose.

/// The rules for PINs that users choose at a phone. They don't hold for PINs that an administrator sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinRules {
    /// The fewest digits.
    pub min_length: u32,
    /// How many of a user's last PINs, the present one among them, can't be chosen again; 0 for none.
    pub history: u32,
    /// Whether trivial PINs are accepted: digits in order, a repeated group of digits, or a number of the user.
    pub allows_trivial: bool,
}

impl Default for PinRules {
    fn default() -> Self {
        Self { min_length: 1, history: 0, allows_trivial: true }
    }
}

/// A change of [`PinRules`]; a field that is `None` keeps its value.
#[derive(Clone, Copy, Debug, Default)]
pub struct PinRulesChange {
    /// The fewest digits.
    pub min_length: Option<u32>,
    /// How many of the last PINs can't be chosen again.
    pub history: Option<u32>,
    /// Whether trivial PINs are accepted.
    pub allows_trivial: Option<bool>,
}

/// Why a PIN can't be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinProblem {
    /// The PIN has other characters than digits, or more than [`PinRules::MAX_LENGTH`].
    NotDigits,
    /// The PIN has fewer digits than this.
    TooShort(u32),
    /// The PIN is trivial: digits in order, a repeated group of digits, or a number of the user.
    Trivial,
    /// The PIN is one of the user's last ones.
    UsedBefore,
}

impl PinRules {
    /// The most digits of a PIN.
    pub const MAX_LENGTH: u32 = 256;
    /// The greatest [`PinRules::min_length`].
    pub const MAX_MIN_LENGTH: u32 = 30;
    /// The greatest [`PinRules::history`]; as many hashes are kept.
    pub const MAX_HISTORY: u32 = 12;

    /// Checks a PIN of a user with these numbers (extension, self-service id, user id).
    ///
    /// # Errors
    /// The first rule that refuses the PIN.
    pub fn check(&self, pin: &str, numbers: &[&str]) -> Result<(), PinProblem> {
        let digits = pin.len();
        if pin.is_empty()
            || digits > Self::MAX_LENGTH as usize
            || !pin.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Err(PinProblem::NotDigits);
        }
        if digits < self.min_length as usize {
            return Err(PinProblem::TooShort(self.min_length));
        }
        if !self.allows_trivial && is_trivial(pin, numbers) {
            return Err(PinProblem::Trivial);
        }
        Ok(())
    }
}

/// Whether a PIN is a row of digits in order, a group of digits that repeats, or a number of the user in either
/// direction (the rules for trivial credentials of CUCM's Administration Guide).
fn is_trivial(pin: &str, numbers: &[&str]) -> bool {
    let digits = pin.as_bytes();
    let steps = |step: i16| {
        let follows = |pair: &[u8]| i16::from(pair[1]) - i16::from(pair[0]) == step;
        digits.windows(2).all(follows)
    };
    let repeats = |group: usize| digits.chunks(group).all(|part| part == &digits[..part.len()]);
    let reversed: String = pin.chars().rev().collect();
    steps(1)
        || steps(-1)
        || (1..=digits.len() / 2).any(repeats)
        || numbers.iter().any(|number| *number == pin || *number == reversed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_refuses_its_pins() {
        let rules = PinRules { min_length: 5, history: 0, allows_trivial: false };
        let check = |pin: &str| rules.check(pin, &["20014", "john"]);
        assert_eq!(check("74206"), Ok(()));
        assert_eq!(check("7420"), Err(PinProblem::TooShort(5)));
        let long = "7".repeat(257);
        for other in ["", "7420a", "７４２０６", &long] {
            assert_eq!(check(other), Err(PinProblem::NotDigits), "{other}");
        }
        for trivial in ["12345", "98765", "11111", "121212", "12121", "123123", "20014", "41002"] {
            assert_eq!(check(trivial), Err(PinProblem::Trivial), "{trivial}");
        }
        assert_eq!(PinRules::default().check("1", &["1"]), Ok(()), "the rules are off by default");
    }
}
