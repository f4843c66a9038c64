use super::*;

const ROW: LoginTexts<'static> = LoginTexts {
    user: "Kim Minsu",
    phone: "SEP00:11:22:33:44:55",
    profile: "desk-UDP",
    model: "Cisco 8861",
    description: "Gebäude A, 2. Stock: Empfang",
    source: "emproxy",
    address: "192.0.2.7",
};
const HOUR_MS: i64 = 3_600_000;
const NOW_MS: i64 = 1_000 * HOUR_MS;

fn found(find: &str) -> bool {
    passes(find, NOW_MS - HOUR_MS, Some(NOW_MS + HOUR_MS))
}

fn passes(find: &str, from_ms: i64, until_ms: Option<i64>) -> bool {
    let condition = LoginFilter::new(find, None).at(NOW_MS);
    condition.passes(&ROW.searched(), LoginType::Em, from_ms, until_ms)
}

#[test]
fn finds_a_part_of_whatever_a_row_shows_in_any_order_and_spelling() {
    for find in [
        "",
        "KIM",
        "minsu kim",
        "udp  KIM",
        "8861",
        "cisco gebäude",
        "GEBÄUDE",
        "empfang",
        "emproxy",
        "192.0.2.7",
        "stock emproxy minsu",
        "ｋｉｍ",
        "Geba\u{308}ude",
    ] {
        assert!(found(find), "{find}");
    }
    for find in ["lee", "kim lee", "desk-udpcisco", "7845"] {
        assert!(!found(find), "{find}");
    }
}

#[test]
fn finds_a_phone_by_its_mac_address_however_it_is_written() {
    for find in
        ["00:11:22:33:44:55", "0011.2233.4455", "sep001122334455", "2233", "00 11 22 33 44 55"]
    {
        assert!(found(find), "{find}");
    }
    for find in ["phone:00:11:22:33:44:55", "phone:0011.2233.4455", "phone:3344", "device:SEP"] {
        assert!(found(find), "{find}");
    }
}

#[test]
fn a_quoted_text_keeps_its_blanks() {
    for find in [
        "\"a, 2.\"",
        "“kim minsu”",
        "\"kim minsu",
        "description:\"2. Stock\"",
        "\"model:8861\" kim",
    ] {
        assert_eq!(found(find), !find.contains("\"model"), "{find}");
    }
    assert!(!found("\"minsu kim\""));
    assert!(!found("\"kim  minsu\""));
}

#[test]
fn a_field_is_looked_for_alone() {
    for find in
        ["model:8861", "MODEL:cisco user:kim", "모델:8861", "address:192.0.2", "source:EMPROXY"]
    {
        assert!(found(find), "{find}");
    }
    for find in ["model:kim", "user:desk", "profile:emproxy", "address:emproxy", "description:8861"]
    {
        assert!(!found(find), "{find}");
    }
    assert!(found("stock:"), "no field, and the row has it");
    assert!(!found("colour:red"));
}

#[test]
fn times_are_compared_with_the_present() {
    let in_minutes = |minutes: i64| Some(NOW_MS + minutes * 60_000);
    let from = NOW_MS - 2 * HOUR_MS;
    assert!(passes("left<30m", from, in_minutes(29)));
    assert!(!passes("left<30m", from, in_minutes(30)));
    assert!(!passes("left<30m", from, None), "an unlimited login is never nearly over");
    assert!(passes("left>30m", from, None));
    assert!(passes("left>1h30m", from, in_minutes(91)));
    assert!(passes("since>1h", from, None) && !passes("since>2h", from, None));
    assert!(passes("since<1d", from, None) && !passes("since<2h", from, None));
    assert!(passes("남은시간<30분 kim", from, in_minutes(10)));
    assert!(passes("kim 남은 시간<30분", from, in_minutes(10)));
    assert!(passes("시작 시각>1시간", from, None) && !passes("시작 시각>2시간", from, None));
    assert!(passes("left<2h left<1h", from, in_minutes(59)));
    assert!(!passes("left<2h left<1h", from, in_minutes(61)));
    assert!(
        !found("left<soon") && !found("left<99999999999h"),
        "these are texts, which no row has"
    );
}

#[test]
fn a_term_that_is_half_typed_hides_nothing() {
    for find in ["model:", "left<", "since>", "kim model:"] {
        assert!(found(find), "{find}");
    }
    let unfinished = LoginFilter::new("model:", None);
    assert!(unfinished.is_everything() && unfinished.is_unfinished());
    assert_eq!(unfinished.find, "model:", "it is a word where there are no fields");
}

/// Otherwise a list would say that it is filtered, and show all logins.
#[test]
fn characters_that_nobody_sees_are_no_filter() {
    for unseen in ["\u{200b}", " \u{2060}\u{feff} ", "\u{ad}", "\"\"", "\" \"", "\u{1}\u{3}"] {
        assert!(LoginFilter::new(unseen, None).is_everything(), "{unseen:?}");
        assert!(LoginFilter::words(unseen).is_empty(), "{unseen:?}");
    }
}

#[test]
fn a_mark_in_a_typed_text_or_in_a_name_means_nothing() {
    assert!(found("kim\u{4}minsu"), "a mark is a blank");
    let row = LoginTexts { user: "a\u{4}b", ..ROW };
    let condition = LoginFilter::new("model:b", None).at(0);
    assert!(!condition.passes(&row.searched(), LoginType::Em, 0, None));
}

#[test]
fn terms_are_added_and_removed_as_typed() {
    let filter = LoginFilter::new("kim  model:\"cisco 8861\" left<30m", None);
    let typed: Vec<String> = filter.terms().into_iter().map(|(typed, _)| typed).collect();
    assert_eq!(typed, ["kim", "model:\"cisco 8861\"", "left<30m"]);
    assert_eq!(filter.without("model:\"cisco 8861\"").find, "kim left<30m");
    assert!(filter.has_times() && !filter.without("left<30m").has_times());
}

#[test]
fn a_type_keeps_the_others_out() {
    let condition = LoginFilter::new("kim", Some(LoginType::Visiting)).at(0);
    assert!(condition.passes(&ROW.searched(), LoginType::Visiting, 0, None));
    assert!(!condition.passes(&ROW.searched(), LoginType::Em, 0, None));
}

#[test]
fn an_archive_has_texts_alone() {
    let texts = LoginFilter::texts("user:kim left<30m");
    assert_eq!(texts[0], SoughtText { field: Some(LoginField::User), text: "kim".into() });
    assert_eq!(texts[1], SoughtText { field: None, text: "left<30m".into() });
    let words = ["model:8861", "a b", "c"].map(SoughtText::from);
    assert_eq!(LoginFilter::words("model:8861 \"a b\" C"), words);
}
