// The certified OpenID provider of npm, set up as strictly as it can be for a native app: a public client, PKCE required,
// any loopback port. It knows no tenants, no Graph and no AADSTS numbers, and is not told about ours.
//
//   node server.js CLOUDS_FILE
//
// Writes the clouds file that points the app at it, prints one JSON line, and ends when its standard input ends.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Provider, interactionPolicy } from 'oidc-provider';

const clientId = '8f0c1d7e-3b52-4c6f-9a1e-5d2b7c90e4a1';
const cloudsFile = process.argv[2];

const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;

// The development pages ask for a name and for consent. Choosing an account is a wish that they cannot show, so it is
// allowed and counts as granted by the sign-in that follows.
const policy = interactionPolicy.base();
const selectAccount = new interactionPolicy.Prompt({ name: 'select_account', requestable: true });
selectAccount.checks.clear();
policy.add(selectAccount, 0);

const provider = new Provider(origin, {
  clients: [
    {
      client_id: clientId,
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: ['http://localhost'],
    },
  ],
  pkce: { required: () => true },
  interactions: { policy },
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  scopes: ['openid', 'offline_access', 'profile'],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id, preferred_username: `${id}@example.test` }),
  }),
  features: { devInteractions: { enabled: true } },
});

provider.on('server_error', (_, error) => console.error(error));
for (const refusal of ['authorization.error', 'grant.error'])
  provider.on(refusal, (_, error) => console.error(refusal, error.error, error.error_description));

server.on('request', provider.callback());

const cloud = { id: 'certified', name: 'Certified server', login: origin, graph: `${origin}/graph`, portal: origin };
if (cloudsFile) writeFileSync(cloudsFile, JSON.stringify([{ ...cloud, client_id: clientId }]));
console.log(JSON.stringify({ origin, clientId, clouds: cloudsFile }));

process.stdin.resume().on('end', () => process.exit(0));
