//! Models of phones, as far as they differ for logins.

/// The number in the name of a model: `CP-8861-K9`, `Cisco 8861` and `8861` are one model.
#[must_use]
pub fn model_number(model: &str) -> Option<&str> {
    let start = model.find(|c: char| c.is_ascii_digit())?;
    let digits = &model[start..];
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    Some(&digits[..end])
}

/// The number of a model's buttons for lines and speed dials, without expansion modules.
///
/// `None` for an unknown model (data sheets of the IP Phone series 6900, 7800, 7900, 8800 and 9900).
#[must_use]
pub fn button_count(model: &str) -> Option<usize> {
    Some(match model_number(model)? {
        "7811" | "6901" | "6911" | "7906" | "7911" | "8831" | "8832" => 1,
        "7821" | "6921" | "7940" | "7941" | "7942" | "7945" => 2,
        "7841" | "6941" | "8941" | "8945" => 4,
        "8811" | "8841" | "8845" | "8851" | "8861" | "8865" => 10,
        "7960" | "7961" | "7962" | "7965" | "9971" | "9951" => 6,
        "7970" | "7971" | "7975" => 8,
        "6961" => 12,
        "7861" => 16,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_known_by_its_number_however_it_is_written() {
        assert_eq!(model_number("Cisco 8861"), Some("8861"));
        assert_eq!(model_number("CP-7965G"), Some("7965"));
        assert_eq!(model_number("soft phone"), None);
        assert_eq!(button_count("CP-8861-K9"), Some(10));
        assert_eq!(button_count("7841"), Some(4));
        assert_eq!(button_count("Cisco 1"), None);
    }
}
