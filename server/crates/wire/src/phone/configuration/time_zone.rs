//! The names of time zones in older firmware.

/// The name of a time zone in firmware of the 79xx series, by its IANA name; `None` if the firmware has no
/// right name.
///
/// That firmware has a fixed list of names, each with an offset and perhaps rules for summer time
/// (usecallmanager.nz, `timeZone`); the list has no name for Korea. A zone has a name here if the name's offset
/// and rules are those of the zone today, even if the name is that of another place. Eastern Europe, Egypt,
/// Russia, Israel, Iran and Mexico are left out: lists in the field give different offsets for some of their
/// names, and the rules of the others have changed since.
#[must_use]
pub fn phone_time_zone(iana: &str) -> Option<&'static str> {
    let name = match iana {
        "Pacific/Pago_Pago" => "Samoa Standard Time",
        "Pacific/Honolulu" => "Hawaiian Standard Time",
        "America/Anchorage" => "Alaskan Standard/Daylight Time",
        "America/Los_Angeles" | "America/Vancouver" | "America/Tijuana" => {
            "Pacific Standard/Daylight Time"
        }
        "America/Phoenix" => "US Mountain Standard Time",
        "America/Denver" | "America/Edmonton" => "Mountain Standard/Daylight Time",
        "America/Chicago" | "America/Winnipeg" => "Central Standard/Daylight Time",
        "America/Regina" | "America/Costa_Rica" | "America/Guatemala" => {
            "Canada Central Standard Time"
        }
        "America/New_York" | "America/Toronto" | "America/Detroit" => {
            "Eastern Standard/Daylight Time"
        }
        "America/Bogota" | "America/Lima" | "America/Panama" => "SA Pacific Standard Time",
        "America/Halifax" => "Atlantic Standard/Daylight Time",
        "America/Puerto_Rico" | "America/La_Paz" | "America/Caracas" => "SA Western Standard Time",
        "America/St_Johns" => "Newfoundland Standard/Daylight Time",
        "America/Sao_Paulo" | "America/Argentina/Buenos_Aires" | "America/Montevideo" => {
            "SA Eastern Standard Time"
        }
        "Atlantic/Azores" => "Azores Standard/Daylight Time",
        "UTC" | "Etc/UTC" | "Etc/GMT" | "Atlantic/Reykjavik" | "Africa/Abidjan" => {
            "Greenwich Standard Time"
        }
        "Europe/London" | "Europe/Dublin" | "Europe/Lisbon" => "GMT Standard/Daylight Time",
        "Europe/Berlin" | "Europe/Paris" | "Europe/Madrid" | "Europe/Rome" | "Europe/Vienna"
        | "Europe/Zurich" | "Europe/Amsterdam" | "Europe/Brussels" | "Europe/Luxembourg"
        | "Europe/Copenhagen" | "Europe/Oslo" | "Europe/Stockholm" | "Europe/Prague"
        | "Europe/Bratislava" | "Europe/Budapest" | "Europe/Warsaw" | "Europe/Ljubljana"
        | "Europe/Zagreb" | "Europe/Belgrade" => "W. Europe Standard/Daylight Time",
        "Africa/Johannesburg" => "South Africa Standard Time",
        "Asia/Riyadh" | "Asia/Kuwait" | "Asia/Qatar" | "Africa/Nairobi" => {
            "Saudi Arabia Standard Time"
        }
        "Asia/Dubai" => "Arabian Standard Time",
        "Asia/Kabul" => "Afghanistan Standard Time",
        "Asia/Karachi" | "Asia/Tashkent" => "West Asia Standard Time",
        "Asia/Kolkata" | "Asia/Calcutta" | "Asia/Colombo" => "India Standard Time",
        "Asia/Dhaka" => "Central Asia Standard Time",
        "Asia/Bangkok" | "Asia/Jakarta" | "Asia/Ho_Chi_Minh" => "SE Asia Standard Time",
        "Asia/Taipei" | "Asia/Shanghai" | "Asia/Hong_Kong" | "Asia/Singapore"
        | "Asia/Kuala_Lumpur" | "Asia/Manila" | "Australia/Perth" => "Taipei Standard Time",
        "Asia/Tokyo" | "Asia/Seoul" => "Tokyo Standard Time",
        "Australia/Adelaide" => "Cen. Australia Standard/Daylight Time",
        "Australia/Darwin" => "AUS Central Standard Time",
        "Australia/Brisbane" => "E. Australia Standard Time",
        "Australia/Sydney" | "Australia/Melbourne" => "AUS Eastern Standard/Daylight Time",
        "Australia/Hobart" => "Tasmania Standard/Daylight Time",
        "Pacific/Guam" | "Pacific/Port_Moresby" => "West Pacific Standard Time",
        "Pacific/Guadalcanal" => "Central Pacific Standard Time",
        "Pacific/Fiji" => "Fiji Standard Time",
        "Pacific/Auckland" => "New Zealand Standard/Daylight Time",
        _ => return None,
    };
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_zone_has_the_phones_name_only_if_that_is_right() {
        assert_eq!(phone_time_zone("Asia/Seoul"), Some("Tokyo Standard Time"));
        assert_eq!(phone_time_zone("Europe/Berlin"), Some("W. Europe Standard/Daylight Time"));
        assert_eq!(phone_time_zone("UTC"), Some("Greenwich Standard Time"));
        for none in ["", "Europe/Moscow", "Africa/Cairo", "Asia/Tehran", "asia/seoul", "<a>"] {
            assert_eq!(phone_time_zone(none), None, "{none}");
        }
    }
}
