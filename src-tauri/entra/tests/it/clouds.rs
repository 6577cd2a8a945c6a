//! What is known of Microsoft's clouds.

use entra::Clouds;

#[test]
fn powershell_is_told_of_every_cloud_of_microsofts_but_its_usual_one() {
    let clouds = Clouds::built_in();
    let names: Vec<_> = clouds
        .iter()
        .map(|cloud| (cloud.id.as_str(), cloud.powershell_environment()))
        .collect();
    let told = [
        ("global", None),
        ("usgov", Some("USGov")),
        ("usgov-dod", Some("USGovDoD")),
        ("china", Some("China")),
    ];
    assert_eq!(names, told);
}
