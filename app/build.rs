//! Makes the translations of `locales/` into code; a key that one language lacks stops the build.

use std::{env, error::Error, path::PathBuf};

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos, options::CodegenOptions};

fn config() -> Result<Config, Box<dyn Error>> {
    let options = ParseOptions::new().interpolate_display(true);
    Ok(Config::new("en")?.add_locale("ko")?.parse_options(options))
}

fn main() -> Result<(), Box<dyn Error>> {
    say("rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?).join("i18n");
    let translations = TranslationsInfos::parse(config()?)?;
    translations.rerun_if_locales_changed();
    translations.emit_diagnostics();
    let parsed = leptos_i18n_parser::parse_locales::parse_locales(None, config()?)?;
    if !parsed.diag.warnings().is_empty() {
        return Err("the files in app/locales have different keys: see the warnings".into());
    }
    let options =
        CodegenOptions::new().top_level_attributes(Some("#![allow(missing_docs)]".parse()?));
    translations.generate_i18n_module_with_options(out, options)?;
    Ok(())
}

fn say(directive: &str) {
    println!("cargo::{directive}");
}
