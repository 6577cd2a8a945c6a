#!/usr/bin/env bash
# Stands in for the Azure CLI in tests: writes down how it was called and answers from the folder it lies in.
here=$(dirname "$0")
{ printf '%s\0' "$@"; printf '\0'; } >>"$here/calls"
answer() { cat "$here/$1" 2>/dev/null || true; }
case "$*" in
"cloud show "*) answer graph ;;
"account show "*) echo 11111111-aaaa-4aaa-8aaa-111111111111 ;;
*"/appRoleAssignments?"*) answer granted ;;
*"/appRoleAssignments "*) [ ! -e "$here/refuse" ] || exit 1 ;;
"rest --method GET "*"/applications?"*) answer found ;;
"rest --method POST "*"/applications "*) echo 22222222-aaaa-4aaa-8aaa-222222222222 ;;
"ad app show "*requiredResourceAccess*) answer registered ;;
"ad app show "*redirectUris*) answer redirects ;;
"ad app permission add "* | "ad app update "*) ;;
"ad sp list "*) answer principal ;;
"ad sp create "*) echo 33333333-aaaa-4aaa-8aaa-333333333333 ;;
"ad sp show "*) echo 44444444-aaaa-4aaa-8aaa-444444444444 ;;
"ad app credential reset "*)
    printf '{\n  "appId": "22222222-aaaa-4aaa-8aaa-222222222222",\n  "password": "mad8Q~up-by-a-test",\n'
    printf '  "tenant": "11111111-aaaa-4aaa-8aaa-111111111111"\n}\n'
    ;;
*) echo "az: what is $*?" >&2 && exit 2 ;;
esac
