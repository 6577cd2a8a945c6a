#!/usr/bin/env bash
# installer-test.sh: under Wine, installs what scripts/windows.sh has made, starts the command line from its place, upgrades
# while it runs, and removes it; then nothing may be left. The same for everybody on the computer, with what was kept. Then
# starts the program of the window where there is no WebView2. In a Windows of its own, target/windows/installer-wine.
source "$(dirname "$0")/../lib.sh"

built=$root/target/windows
programs=$built/x86_64-pc-windows-gnu/release
export WINEPREFIX=$built/installer-wine
folder=$WINEPREFIX/drive_c/users/$(id -un)/AppData/Local/Programs/"Graph Connect"
menu=$WINEPREFIX/drive_c/users/$(id -un)/AppData/Roaming/Microsoft/Windows/"Start Menu"/Programs/"Graph Connect.lnk"
everybody=$WINEPREFIX/drive_c/"Program Files"/"Graph Connect"
everybody_menu=$WINEPREFIX/drive_c/ProgramData/Microsoft/Windows/"Start Menu"/Programs/"Graph Connect.lnk"
everybody_path='HKLM\System\CurrentControlSet\Control\Session Manager\Environment'
data=$WINEPREFIX/drive_c/users/$(id -un)/AppData/Local/dev.graphconnect.desktop
entry='HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\dev.graphconnect.desktop'

wine() { "$root/scripts/windows/wine.sh" "$@"; }
value() { wine reg query "$1" /v "$2" /reg:64 2>/dev/null | tr -d '\r' | sed -n "s/^ *$2 *REG_[A-Z_]* *//p"; }
expect() { [ "$2" = "$3" ] || fail "$1: \"$2\", and not \"$3\""; }

# setup VERSION: an installer of the same programs that says it is that version.
setup() {
    "$root/scripts/windows/installer.sh" "$1" "$programs" "$built/setup-$1.exe" -V1
    echo "$built/setup-$1.exe"
}

main() {
    # What an earlier run has left running there would go on in a folder that is gone.
    if [ -d "$WINEPREFIX" ]; then "$(command -v wineserver || echo /usr/lib/wine/wineserver)" -k -w || true; fi
    rm -rf "$WINEPREFIX"
    say "installing"
    local first second
    first=$(setup 1.0.0)
    second=$(setup 2.0.0)
    wine "$first" /S
    for file in graph-connect.exe graph-connect-desktop.exe WebView2Loader.dll uninstall.exe; do
        [ -f "$folder/$file" ] || fail "$file is not there"
    done
    [ -f "$menu" ] || fail "the Start menu has no entry"
    expect "version" "$(value "$entry" DisplayVersion)" 1.0.0
    expect "publisher" "$(value "$entry" Publisher)" "The Graph Connect authors"
    value 'HKCU\Environment' Path | grep -qF 'Programs\Graph Connect' || fail "PATH does not name it"
    wine "$folder/graph-connect.exe" --version

    say "upgrading while the command line waits for a secret"
    mkfifo "$WINEPREFIX/secret"
    wine "$folder/graph-connect.exe" add app --name held --client-id 00001111-aaaa-2222-bbbb-3333cccc4444 \
        --tenant contoso.com <"$WINEPREFIX/secret" >/dev/null 2>&1 &
    exec 8>"$WINEPREFIX/secret"
    sleep 2
    wine "$second" /S
    [ -f "$folder/graph-connect.exe.old" ] || fail "the program that ran was not set aside, so it did not run"
    expect "version" "$(value "$entry" DisplayVersion)" 2.0.0
    wine "$folder/graph-connect.exe" --version
    expect "entries in PATH" "$(value 'HKCU\Environment' Path | grep -oF 'Programs\Graph Connect' | wc -l)" 1
    exec 8>&-
    wait

    say "removing"
    remove
    expect "PATH" "$(value 'HKCU\Environment' Path)" ""

    say "installing for everybody"
    wine "$first" /S /ALLUSERS
    [ -f "$everybody/graph-connect.exe" ] && [ -f "$everybody_menu" ] || fail "it is not there for everybody"
    expect "version" "$(value "${entry/HKCU/HKLM}" DisplayVersion)" 1.0.0
    value "$everybody_path" Path | grep -qF 'Program Files\Graph Connect' || fail "everybody's PATH does not name it"
    ! wine "$second" /S || fail "a second copy was installed beside that for everybody"
    [ ! -e "$folder" ] || fail "a second copy was installed beside that for everybody"
    wine "$second" /S /ALLUSERS
    expect "version" "$(value "${entry/HKCU/HKLM}" DisplayVersion)" 2.0.0

    say "removing with what was kept"
    echo no-such-secret | wine "$everybody/graph-connect.exe" add app --untested --name kept \
        --client-id 00001111-aaaa-2222-bbbb-3333cccc4444 --tenant 11112222-bbbb-3333-cccc-4444dddd5555
    [ -f "$data/connections.db" ] || fail "nothing was kept"
    secrets | grep -q dev.graphconnect.desktop || fail "no secret was kept"
    folder=$everybody menu=$everybody_menu entry=${entry/HKCU/HKLM} remove /PURGE
    ! value "$everybody_path" Path | grep -qF 'Graph Connect' || fail "everybody's PATH still names it"
    [ ! -e "$data" ] || fail "what was kept is still there: $(ls "$data")"
    ! secrets | grep dev.graphconnect.desktop || fail "a secret is still there"

    say "starting the window's program without WebView2"
    local said code=0
    # Without a screen nobody sees the box with the same words, and nobody has to close it.
    said=$(DISPLAY='' wine "$programs/graph-connect-desktop.exe" 2>&1) || code=$?
    expect "its exit code" "$code" 1
    grep -q 'https://developer.microsoft.com/microsoft-edge/webview2' <<<"$said" || fail "it does not say what to install: $said"
    say "installed, upgraded and removed, for one person and for everybody"
}

# remove [/PURGE]: removes what is installed in $folder.
remove() {
    wine "$folder/uninstall.exe" /S "$@"
    # It goes on as a copy of itself, so that it can remove its own file.
    for _ in $(seq 100); do
        [ -e "$folder" ] || break
        sleep 0.2
    done
    [ ! -e "$folder" ] || fail "something was left: $(ls "$folder")"
    [ ! -e "$menu" ] || fail "the Start menu still has an entry"
    expect "version" "$(value "$entry" DisplayVersion)" ""
}

# Where Wine keeps the items of its Credential Manager.
secrets() { wine reg query 'HKCU\Software\Wine\Credential Manager' /s 2>/dev/null || true; }

main
