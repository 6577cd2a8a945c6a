# Granting application permissions of Microsoft Graph takes a Privileged Role Administrator or Global Administrator.
# One by one with the documented call: az ad app permission admin-consent uses a private one of the portal, in one cloud only.
graph_principal=$(az ad sp show --id "$microsoft_graph" --query id --output tsv)
assignments=$graph/v1.0/servicePrincipals/$principal/appRoleAssignments
granted=$(again graph_get "$assignments?\$top=999" "value[?resourceId=='$graph_principal'].appRoleId")
refused=()
for permission in "${permissions[@]}"; do
    id=${permission%% *}
    if grep -qixF "$id" <<<"$granted"; then continue; fi
    assignment="{\"principalId\":\"$principal\",\"resourceId\":\"$graph_principal\",\"appRoleId\":\"$id\"}"
    if graph_post "$assignments" "$assignment" id >/dev/null; then say "Granted: ${permission#* }"
    else refused+=("${permission#* }"); fi
done
if [ "${#refused[@]}" -gt 0 ]; then
    say "NOT granted: ${refused[*]}"
    say "A Privileged Role Administrator or Global Administrator can run this script again, or consent in the portal."
fi

# A secret can be seen only now and never again. So each run makes a new one beside the others (--append); remove those that
# nothing uses any more under Certificates & secrets.
say "Paste what follows into any field of the form in Graph Connect. It contains the client secret."
az ad app credential reset --id "$app" --append --display-name "Graph Connect" --years 1 --only-show-errors \
    --query '{appId: appId, password: password, tenant: tenant}' --output json
)
