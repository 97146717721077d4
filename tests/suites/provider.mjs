// An OpenID provider on the loopback, for as long as its standard input stays open.
// Argument: {issuer, port, keys (JWKs with private parts), audiences, clients: {id: roles}, lifetime}, as JSON.
// Each request is told on standard output, after a line "ready".
import { Provider } from "oidc-provider";

const { issuer, port, keys, audiences, clients, lifetime } = JSON.parse(process.argv[2]);

const provider = new Provider(issuer, {
  jwks: { keys },
  clients: Object.keys(clients).map((client_id) => ({
    client_id,
    client_secret: `secret of ${client_id}`,
    // Nobody asks for an identity token, but there must be a key that could sign one.
    id_token_signed_response_alg: keys[0].alg,
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
  })),
  // The roles come as one claim, and as one within another.
  extraTokenClaims: (_context, token) => ({
    roles: clients[token.clientId],
    realm_access: { roles: clients[token.clientId] },
  }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context, resource) => ({
        scope: "admin",
        audience: audiences.includes(resource) ? resource : undefined,
        accessTokenTTL: lifetime,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: keys[0].alg, kid: keys[0].kid } },
      }),
    },
  },
});

provider.use(async (context, next) => {
  console.log(context.path);
  await next();
});
provider.on("server_error", (_context, error) => console.log(error.stack));
provider.listen(port, "127.0.0.1", () => console.log("ready"));
process.stdin.resume();
process.stdin.on("end", () => process.exit());
