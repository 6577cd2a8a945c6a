; The installer for Windows, made by scripts/windows.sh on Linux.
;
;   setup.exe                     for this person, into %LOCALAPPDATA%\Programs
;   setup.exe /ALLUSERS           for everybody, into Program Files; has to be started as administrator
;   setup.exe /S [/D=C:\folder]   without a window; /D comes last and takes no quotation marks
;   uninstall.exe /S [/PURGE]     keeps connections and secrets, or removes them too
;
; scripts/windows/installer.sh 1.2.3 FOLDER FILE [-Dbootstrapper=MicrosoftEdgeWebview2Setup.exe] [-Dsign=COMMAND]
; From there come also ${product}, the product code, ${name} and ${publisher}: winget has to find the very same.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
ManifestDPIAware true
RequestExecutionLevel user

!include LogicLib.nsh
!include FileFunc.nsh
!include StrFunc.nsh
!include WinMessages.nsh
!include MUI2.nsh

${StrLoc}
${UnStrRep}

!define uninstall_key "Software\Microsoft\Windows\CurrentVersion\Uninstall\${product}"
!define webview2 "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"

Name "${name}"
OutFile "${out}"
BrandingText "Graph Connect ${version}"
VIProductVersion "${version}.0"
VIAddVersionKey ProductName "${name}"
VIAddVersionKey FileDescription "Graph Connect setup"
VIAddVersionKey FileVersion "${version}"
VIAddVersionKey ProductVersion "${version}"
VIAddVersionKey CompanyName "${publisher}"
VIAddVersionKey LegalCopyright "${publisher}"

; Signing: -Dsign=COMMAND, which signs the file that it is given in its place (docs/WINDOWS.md). Both programs are signed
; before this script runs; here the uninstaller and the installer get theirs.
!ifdef sign
    !uninstfinalize '${sign} "%1"' = 0
    !finalize '${sign} "%1"' = 0
!endif

!define MUI_ICON "icons/icon.ico"
!define MUI_UNICON "icons/icon.ico"
; It stays where it is: a second folder would be a second copy.
!define MUI_PAGE_CUSTOMFUNCTION_PRE OnlyTheFirstTime
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_NOREBOOTSUPPORT
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION Start
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English

Var all_users
Var path_key
; Where it is already.
Var installed

!macro Scope
    SetRegView 64
    ${If} $all_users == 1
        SetShellVarContext all
        StrCpy $path_key "SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
    ${Else}
        SetShellVarContext current
        StrCpy $path_key "Environment"
    ${EndIf}
!macroend

Function .onInit
    StrCpy $all_users 0
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/ALLUSERS" $1
    ${IfNot} ${Errors}
        StrCpy $all_users 1
        UserInfo::GetAccountType
        Pop $1
        ${If} $1 != "Admin"
            MessageBox MB_ICONSTOP "To install Graph Connect for everybody, start this setup as administrator." /SD IDOK
            SetErrorLevel 2
            Quit
        ${EndIf}
    ${EndIf}
    !insertmacro Scope
    ; One edition at a time: two copies would be two entries and two versions. What one person has installed is not run from
    ; here: it may be anything, and this may be an administrator.
    ${If} $all_users == 1
        ReadRegStr $1 HKCU "${uninstall_key}" "InstallLocation"
    ${Else}
        ReadRegStr $1 HKLM "${uninstall_key}" "InstallLocation"
    ${EndIf}
    ${If} $1 != ""
    ${AndIf} $all_users == 1
        MessageBox MB_ICONSTOP "Graph Connect is installed for you alone, in $1. Remove it there first; your connections stay." /SD IDOK
        SetErrorLevel 2
        Quit
    ${ElseIf} $1 != ""
        MessageBox MB_ICONSTOP "Graph Connect is installed for everybody on this computer, in $1. To update it, start this setup as administrator with /ALLUSERS." /SD IDOK
        SetErrorLevel 2
        Quit
    ${EndIf}
    ReadRegStr $installed SHCTX "${uninstall_key}" "InstallLocation"
    ${If} $installed != ""
    ${AndIf} $INSTDIR != ""
    ${AndIf} $INSTDIR != $installed
        MessageBox MB_ICONSTOP "Graph Connect is installed in $installed. Remove it there before you install it in another folder; your connections stay." /SD IDOK
        SetErrorLevel 2
        Quit
    ${EndIf}
    ${If} $INSTDIR == ""
        StrCpy $INSTDIR $installed
    ${EndIf}
    ${If} $INSTDIR == ""
        ${If} $all_users == 1
            StrCpy $INSTDIR "$PROGRAMFILES64\Graph Connect"
        ${Else}
            StrCpy $INSTDIR "$LOCALAPPDATA\Programs\Graph Connect"
        ${EndIf}
    ${EndIf}
FunctionEnd

Function OnlyTheFirstTime
    ${If} $installed != ""
        Abort
    ${EndIf}
FunctionEnd

; By the shell, so that the window belongs to the person and not to an administrator.
Function Start
    Exec '"$WINDIR\explorer.exe" "$INSTDIR\graph-connect-desktop.exe"'
FunctionEnd

; A program that runs cannot be written, but it can be renamed: it goes on as what it was, and the next start is the new one.
; One that runs since the upgrade before this has the first name already.
!macro MakeRoom file
    Delete "$INSTDIR\${file}.old"
    Delete "$INSTDIR\${file}.older"
    ${If} ${FileExists} "$INSTDIR\${file}.old"
        Rename "$INSTDIR\${file}" "$INSTDIR\${file}.older"
    ${Else}
        Rename "$INSTDIR\${file}" "$INSTDIR\${file}.old"
    ${EndIf}
!macroend

; Puts back what was there where the new file could not be written.
!macro PutBack file
    ${IfNot} ${FileExists} "$INSTDIR\${file}"
        Rename "$INSTDIR\${file}.old" "$INSTDIR\${file}"
    ${EndIf}
!macroend

!macro RemoveOld file
    Delete "$INSTDIR\${file}.old"
    Delete "$INSTDIR\${file}.older"
!macroend

; One that runs goes with the next start of the computer, under a name that no later installation gives.
!macro Remove file
    !insertmacro RemoveOld "${file}"
    ClearErrors
    Delete "$INSTDIR\${file}"
    ${If} ${Errors}
        Rename "$INSTDIR\${file}" "$INSTDIR\${file}.old"
        Delete /REBOOTOK "$INSTDIR\${file}.old"
    ${EndIf}
!macroend

; How long the person's or the computer's PATH is, in $0. NSIS cuts what is longer than its own strings, and a PATH that was
; cut must never be written back.
!macro PathLength root
    System::Call 'advapi32::RegGetValueW(p ${root}, w "$path_key", w "Path", i 0x10000006, p 0, p 0, *i .r0) i .r1'
    ; 2: there is none. Whatever else it says, nothing is known of what is there.
    ${If} $1 == 2
        StrCpy $0 0
    ${ElseIf} $1 != 0
        StrCpy $0 9999
    ${EndIf}
!macroend

Section "Graph Connect"
    SetOutPath "$INSTDIR"
    !insertmacro MakeRoom "graph-connect.exe"
    !insertmacro MakeRoom "graph-connect-desktop.exe"
    !insertmacro MakeRoom "WebView2Loader.dll"
    ClearErrors
    File "${programs}/graph-connect.exe"
    File "${programs}/graph-connect-desktop.exe"
    File "${programs}/WebView2Loader.dll"
    File "THIRD-PARTY-NOTICES.txt"
    File "CHANGELOG.md"
    ${If} ${Errors}
        !insertmacro PutBack "graph-connect.exe"
        !insertmacro PutBack "graph-connect-desktop.exe"
        !insertmacro PutBack "WebView2Loader.dll"
        MessageBox MB_ICONSTOP "Graph Connect could not be written to $INSTDIR. Choose a folder that you may write to. Some organizations allow programs in Program Files only: ask your administrator to start this setup with /ALLUSERS." /SD IDOK
        SetErrorLevel 2
        Abort
    ${EndIf}
    !insertmacro RemoveOld "graph-connect.exe"
    !insertmacro RemoveOld "graph-connect-desktop.exe"
    !insertmacro RemoveOld "WebView2Loader.dll"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\Graph Connect.lnk" "$INSTDIR\graph-connect-desktop.exe"

    WriteRegStr SHCTX "${uninstall_key}" "DisplayName" "${name}"
    WriteRegStr SHCTX "${uninstall_key}" "DisplayVersion" "${version}"
    WriteRegStr SHCTX "${uninstall_key}" "Publisher" "${publisher}"
    WriteRegStr SHCTX "${uninstall_key}" "DisplayIcon" "$INSTDIR\graph-connect-desktop.exe"
    WriteRegStr SHCTX "${uninstall_key}" "InstallLocation" "$INSTDIR"
    WriteRegStr SHCTX "${uninstall_key}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr SHCTX "${uninstall_key}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD SHCTX "${uninstall_key}" "NoModify" 1
    WriteRegDWORD SHCTX "${uninstall_key}" "NoRepair" 1
    ; Windows shows no notification of a program whose name it does not know.
    WriteRegStr SHCTX "Software\Classes\AppUserModelId\${product}" "DisplayName" "${name}"
    ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
    WriteRegDWORD SHCTX "${uninstall_key}" "EstimatedSize" $0

    Call AddToPath
    Call WebView2
SectionEnd

Function AddToPath
    ${If} $all_users == 1
        !insertmacro PathLength 0x80000002
    ${Else}
        !insertmacro PathLength 0x80000001
    ${EndIf}
    ReadRegStr $2 SHCTX $path_key "Path"
    ${StrLoc} $3 ";$2;" ";$INSTDIR;" ">"
    ${If} $3 != ""
        Return
    ${EndIf}
    StrLen $1 "$INSTDIR"
    IntOp $1 $1 + 8
    IntOp $1 $1 * 2
    IntOp $1 $1 + $0
    ${If} $1 > 2000
        DetailPrint "PATH is too long to be changed here. To use graph-connect in a terminal, add $INSTDIR to it."
        Return
    ${EndIf}
    ${If} $2 == ""
        WriteRegExpandStr SHCTX $path_key "Path" "$INSTDIR"
    ${Else}
        WriteRegExpandStr SHCTX $path_key "Path" "$2;$INSTDIR"
    ${EndIf}
    SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=2000
FunctionEnd

; The window needs WebView2, which every Windows 11 and nearly every Windows 10 has.
Function WebView2
    SetRegView 32
    ReadRegStr $0 HKLM "Software\${webview2}" "pv"
    SetRegView 64
    ${If} $0 == ""
        ReadRegStr $0 HKCU "Software\${webview2}" "pv"
    ${EndIf}
    ${If} $0 != ""
    ${AndIf} $0 != "0.0.0.0"
        Return
    ${EndIf}
!ifdef bootstrapper
    SetOutPath "$PLUGINSDIR"
    File "/oname=webview2.exe" "${bootstrapper}"
    ExecWait '"$PLUGINSDIR\webview2.exe" /silent /install' $0
    SetOutPath "$INSTDIR"
    ${If} $0 == 0
        Return
    ${EndIf}
!endif
    DetailPrint "The window of Graph Connect needs Microsoft Edge WebView2: https://go.microsoft.com/fwlink/p/?LinkId=2124703"
    MessageBox MB_ICONINFORMATION "The window of Graph Connect needs Microsoft Edge WebView2, which is not on this computer. Get it at https://go.microsoft.com/fwlink/p/?LinkId=2124703. The command line works without it." /SD IDOK
FunctionEnd

Function un.onInit
    SetRegView 64
    StrCpy $all_users 0
    ReadRegStr $0 HKLM "${uninstall_key}" "InstallLocation"
    ${If} $0 == $INSTDIR
        StrCpy $all_users 1
    ${EndIf}
    !insertmacro Scope
    ${If} $all_users == 1
        UserInfo::GetAccountType
        Pop $1
        ${If} $1 != "Admin"
            MessageBox MB_ICONSTOP "Graph Connect is installed for everybody. To remove it, start $INSTDIR\uninstall.exe as administrator." /SD IDOK
            SetErrorLevel 2
            Quit
        ${EndIf}
    ${EndIf}
FunctionEnd

Section "Uninstall"
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/PURGE" $1
    ${If} ${Errors}
        MessageBox MB_YESNO|MB_ICONQUESTION "Keep your connections and their secrets on this computer?" /SD IDYES IDYES keep
    ${EndIf}
    ; Secrets go before the list that knows them. Where one cannot be removed everything stays, so that it can be tried again.
    nsExec::ExecToLog '"$INSTDIR\graph-connect.exe" remove --all --yes'
    Pop $0
    ${If} $0 == 0
        ; Each person's own data, whoever the program was installed for.
        SetShellVarContext current
        RMDir /r "$APPDATA\${product}"
        RMDir /r "$LOCALAPPDATA\${product}"
        !insertmacro Scope
    ${Else}
        MessageBox MB_ICONSTOP "Not all secrets could be removed, so Graph Connect stays. Close its window, then try again." /SD IDOK
        SetErrorLevel 3
        Abort
    ${EndIf}
keep:
    !insertmacro Remove "graph-connect.exe"
    !insertmacro Remove "graph-connect-desktop.exe"
    !insertmacro Remove "WebView2Loader.dll"
    Delete "$INSTDIR\THIRD-PARTY-NOTICES.txt"
    Delete "$INSTDIR\CHANGELOG.md"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\Graph Connect.lnk"
    DeleteRegKey SHCTX "${uninstall_key}"
    DeleteRegKey SHCTX "Software\Classes\AppUserModelId\${product}"
    ${If} $all_users == 1
        !insertmacro PathLength 0x80000002
    ${Else}
        !insertmacro PathLength 0x80000001
    ${EndIf}
    ${If} $0 > 0
    ${AndIf} $0 < 2000
        ReadRegStr $1 SHCTX $path_key "Path"
        ${UnStrRep} $2 ";$1;" ";$INSTDIR;" ";"
        ; Without the two that were put around it.
        StrCpy $2 $2 -1 1
        ${If} $2 == ""
            DeleteRegValue SHCTX $path_key "Path"
        ${ElseIf} $2 != $1
            WriteRegExpandStr SHCTX $path_key "Path" $2
            SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=2000
        ${EndIf}
    ${EndIf}
SectionEnd
