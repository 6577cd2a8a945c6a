#!/usr/bin/env bash
# Made by Graph Connect. Read it, then paste it into Azure Cloud Shell (Bash), or run it wherever the Azure CLI is signed in.
#
# It looks for the app registration of the name below and creates it if there is none, adds the permissions of Microsoft
# Graph that are listed below and no others, and takes nothing away. It can be run again: no application and no permission
# is made twice. If there is an application of this name already, it is taken for the one that is meant.
# To create and change app registrations one has to be an Application Administrator or Cloud Application Administrator.
(
set -euo pipefail

name=@NAME@
cloud=@CLOUD@
graph=@GRAPH@
microsoft_graph=00000003-0000-0000-c000-000000000000
permissions=(
@PERMISSIONS@
)

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# again COMMAND...: the parts of Entra hear of a new object one after the other, so "not found" may mean "not yet".
again() {
    local seconds
    for seconds in 5 10 20 30; do
        if "$@"; then return; fi
        say "Trying again in $seconds seconds."
        sleep "$seconds"
    done
    "$@"
}

# Graph as it is: az ad app create would open a file if the name began with @.
graph_get() { az rest --method GET --resource "$graph/" --url "$1" --query "$2" --output tsv; }
graph_post() {
    az rest --method POST --resource "$graph/" --url "$1" --headers Content-Type=application/json --body "$2" \
        --query "$3" --output tsv
}

here=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)
[ "${here%/}" = "$graph" ] || fail "the Azure CLI speaks to $here, which is not $cloud ($graph)." @CHOOSE@
tenant=$(az account show --query tenantId --output tsv)
say "Tenant $tenant, app registration $name"

found=$(graph_get "$graph/v1.0/applications?\$select=appId&\$filter=@FILTER@" 'value[].appId')
case $(wc -w <<<"$found") in
0)
    app=$(graph_post "$graph/v1.0/applications" @BODY@ appId)
    say "Created: $app"
    ;;
1)
    app=$found
    say "It is there already: $app"
    ;;
*) fail "there is more than one of this name. Rename the others first, or make the script with another name:" $found ;;
esac

registered=$(again az ad app show --id "$app" --output tsv \
    --query "requiredResourceAccess[?resourceAppId=='$microsoft_graph'].resourceAccess[].id")
missing=()
for permission in "${permissions[@]}"; do
    id=${permission%% *}
    if ! grep -qixF "$id" <<<"$registered"; then missing+=("$id=@ACCESS@"); fi
done
if [ "${#missing[@]}" -gt 0 ]; then
    again az ad app permission add --id "$app" --api "$microsoft_graph" --api-permissions "${missing[@]}" --only-show-errors
fi
say "Permissions registered: ${#permissions[@]}, of which new: ${#missing[@]}"

principal=$(az ad sp list --filter "appId eq '$app'" --query '[].id' --output tsv)
[ -n "$principal" ] || principal=$(again az ad sp create --id "$app" --query id --output tsv)

