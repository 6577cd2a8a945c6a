; The installer for Windows, made by scripts/windows.sh on Linux.
;
;   setup.exe                     for this person, into %LOCALAPPDATA%\Programs
;   setup.exe /ALLUSERS           for everybody, into Program Files; has to be started as administrator
;   setup.exe /S [/D=C:\folder]   without a window; /D comes last and takes no quotation marks
;   uninstall.exe /S [/PURGE]     keeps connections and secrets, or removes them too
;
; makensis -Dversion=1.2.3 -Dprograms=FOLDER -Dout=FILE [-Dbootstrapper=MicrosoftEdgeWebview2Setup.exe] [-Dsign=COMMAND]
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

; The one product code, which no other version and no other edition may have.
!define product "dev.graphconnect.desktop"
!define uninstall_key "Software\Microsoft\Windows\CurrentVersion\Uninstall\${product}"
!define webview2 "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"
!define publisher "The Graph Connect authors"

Name "Graph Connect"
OutFile "${out}"
BrandingText "Graph Connect ${version}"
VIProductVersion "${version}.0"
VIAddVersionKey ProductName "Graph Connect"
VIAddVersionKey FileDescription "Graph Connect setup"
VIAddVersionKey FileVersion "${version}"
VIAddVersionKey ProductVersion "${version}"
VIAddVersionKey CompanyName "${publisher}"
VIAddVersionKey LegalCopyright "${publisher}"

; Signing: -Dsign='osslsigncode sign -pkcs12 key.pfx -ts http://timestamp.example …'. Both programs are signed before this
; script runs; here the uninstaller and the installer get theirs.
!ifdef sign
    !uninstfinalize '${sign} "%1"'
    !finalize '${sign} "%1"'
!endif

!define MUI_ICON "icons/icon.ico"
!define MUI_UNICON "icons/icon.ico"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\graph-connect-desktop.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English

Var all_users
Var path_key

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
    ; One edition at a time: two copies would be two entries and two versions.
    ${If} $all_users == 0
        ReadRegStr $1 HKLM "${uninstall_key}" "InstallLocation"
        ${If} $1 != ""
            MessageBox MB_ICONSTOP "Graph Connect is installed for everybody on this computer, in $1. To update it, start this setup as administrator with /ALLUSERS." /SD IDOK
            SetErrorLevel 2
            Quit
        ${EndIf}
    ${EndIf}
    ; Where it is already, unless /D says otherwise.
    ${If} $INSTDIR == ""
        ReadRegStr $INSTDIR SHCTX "${uninstall_key}" "InstallLocation"
    ${EndIf}
    ${If} $INSTDIR == ""
        ${If} $all_users == 1
            StrCpy $INSTDIR "$PROGRAMFILES64\Graph Connect"
        ${Else}
            StrCpy $INSTDIR "$LOCALAPPDATA\Programs\Graph Connect"
        ${EndIf}
    ${EndIf}
FunctionEnd

; A program that runs cannot be written, but it can be renamed: it goes on as what it was, and the next start is the new one.
!macro MakeRoom file
    Delete "$INSTDIR\${file}.old"
    ${If} ${FileExists} "$INSTDIR\${file}"
        ClearErrors
        Delete "$INSTDIR\${file}"
        ${If} ${Errors}
            Rename "$INSTDIR\${file}" "$INSTDIR\${file}.old"
            Delete /REBOOTOK "$INSTDIR\${file}.old"
        ${EndIf}
    ${EndIf}
!macroend

; How long the person's or the computer's PATH is, in $0. NSIS cuts what is longer than its own strings, and a PATH that was
; cut must never be written back.
!macro PathLength root
    System::Call 'advapi32::RegGetValueW(p ${root}, w "$path_key", w "Path", i 0x10000006, p 0, p 0, *i .r0) i .r1'
    ${If} $1 != 0
        StrCpy $0 0
    ${EndIf}
!macroend

Section "Graph Connect"
    ; What was installed for this person alone gives way to what is for everybody. Connections and secrets stay.
    ${If} $all_users == 1
        ReadRegStr $1 HKCU "${uninstall_key}" "InstallLocation"
        ${If} $1 != ""
        ${AndIf} ${FileExists} "$1\uninstall.exe"
            ExecWait '"$1\uninstall.exe" /S _?=$1'
            Delete "$1\uninstall.exe"
            RMDir "$1"
        ${EndIf}
    ${EndIf}
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
        MessageBox MB_ICONSTOP "Graph Connect could not be written to $INSTDIR. Choose a folder that you may write to. Some organizations allow programs in Program Files only: ask your administrator to start this setup with /ALLUSERS." /SD IDOK
        SetErrorLevel 2
        Abort
    ${EndIf}
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\Graph Connect.lnk" "$INSTDIR\graph-connect-desktop.exe"

    WriteRegStr SHCTX "${uninstall_key}" "DisplayName" "Graph Connect"
    WriteRegStr SHCTX "${uninstall_key}" "DisplayVersion" "${version}"
    WriteRegStr SHCTX "${uninstall_key}" "Publisher" "${publisher}"
    WriteRegStr SHCTX "${uninstall_key}" "DisplayIcon" "$INSTDIR\graph-connect-desktop.exe"
    WriteRegStr SHCTX "${uninstall_key}" "InstallLocation" "$INSTDIR"
    WriteRegStr SHCTX "${uninstall_key}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr SHCTX "${uninstall_key}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD SHCTX "${uninstall_key}" "NoModify" 1
    WriteRegDWORD SHCTX "${uninstall_key}" "NoRepair" 1
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
FunctionEnd

Section "Uninstall"
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/PURGE" $1
    ${If} ${Errors}
        MessageBox MB_YESNO|MB_ICONQUESTION "Keep your connections and their secrets on this computer?" /SD IDYES IDYES keep
    ${EndIf}
    ; Secrets go before the list that knows them. One that cannot be removed keeps the list, so that it can be tried again.
    nsExec::ExecToLog '"$INSTDIR\graph-connect.exe" remove --all --yes'
    Pop $0
    ${If} $0 == 0
        ; Each person's own data, whoever the program was installed for.
        SetShellVarContext current
        RMDir /r "$APPDATA\${product}"
        RMDir /r "$LOCALAPPDATA\${product}"
        !insertmacro Scope
    ${Else}
        DetailPrint "Not all secrets could be removed. Your connections are kept."
        SetErrorLevel 3
    ${EndIf}
keep:
    Delete /REBOOTOK "$INSTDIR\graph-connect.exe"
    Delete /REBOOTOK "$INSTDIR\graph-connect-desktop.exe"
    Delete /REBOOTOK "$INSTDIR\WebView2Loader.dll"
    Delete "$INSTDIR\graph-connect.exe.old"
    Delete "$INSTDIR\graph-connect-desktop.exe.old"
    Delete "$INSTDIR\WebView2Loader.dll.old"
    Delete "$INSTDIR\THIRD-PARTY-NOTICES.txt"
    Delete "$INSTDIR\CHANGELOG.md"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\Graph Connect.lnk"
    DeleteRegKey SHCTX "${uninstall_key}"
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
