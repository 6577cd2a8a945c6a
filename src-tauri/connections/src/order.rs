//! The order of names: letters before their accents and their case, and numbers by their value. The
//! window's own order comes from the same rules of Unicode (`Intl.Collator`).
//!
//! Source: <https://www.unicode.org/reports/tr10/>

use icu_collator::{
    Collator, CollatorPreferences,
    options::{CollatorOptions, Strength},
    preferences::CollationNumericOrdering,
};

/// Sorts by name, as the list in the window does.
pub fn sort_by_name<T>(items: &mut [T], name: impl Fn(&T) -> &str) {
    let mut options = CollatorOptions::default();
    options.strength = Some(Strength::Primary);
    let mut preferences = CollatorPreferences::default();
    preferences.numeric_ordering = Some(CollationNumericOrdering::True);
    // The rules are a part of the program; without them the order stays that of the store.
    if let Ok(collator) = Collator::try_new(preferences, options) {
        items.sort_by(|one, other| collator.compare(name(one), name(other)));
    }
}

#[cfg(test)]
mod tests {
    use super::sort_by_name;

    #[test]
    fn numbers_go_by_their_value_and_letters_by_the_alphabet() {
        let mut names = [
            "Zebra", "site 10", "Ägypten", "Site 2", "apfel", "Öl", "_x", "(b)", "Site 2 b",
        ];
        names.sort_unstable();
        sort_by_name(&mut names, |name| name);
        assert_eq!(
            names,
            [
                "_x", "(b)", "Ägypten", "apfel", "Öl", "Site 2", "Site 2 b", "site 10", "Zebra"
            ]
        );
    }
}
