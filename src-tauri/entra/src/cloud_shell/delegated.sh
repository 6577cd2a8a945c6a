# People sign in to a public client at http://localhost; there is no secret. Other redirect addresses stay.
redirects=$(az ad app show --id "$app" --query 'publicClient.redirectUris' --output tsv)
if ! grep -qxF http://localhost <<<"$redirects"; then
    mapfile -t all <<<"$redirects"
    [ -n "$redirects" ] || all=()
    az ad app update --id "$app" --public-client-redirect-uris ${all[@]+"${all[@]}"} http://localhost
fi

# Nothing is granted here: consent is asked for at the first sign-in. A tenant that does not let people consent needs an
# administrator, and one may also spare people the question. It makes an oauth2PermissionGrant for everybody, in place of
# what was granted tenant-wide to this app before.
say "Optional, to consent for everybody at once as a Cloud Application Administrator:"
say "  az ad app permission grant --id $app --api $microsoft_graph --scope '${permissions[*]#* }'"

say "Paste what follows into any field of the form in Graph Connect."
printf '{\n  "appId": "%s",\n  "tenant": "%s"\n}\n' "$app" "$tenant"
)
