// GET /.well-known/jwks.json: the key that checks what the product signs, for anybody.

using Crm.Domain.Work;

namespace Crm.Api.Security;

public static class PublicKeys
{
    public const string Path = "/.well-known/jwks.json";

    public static void Map(WebApplication app) => app.MapMethods(Path, ["GET", "HEAD"], (Installation installation) =>
        {
            VerifyingKey[] keys = installation.Verifier is { } one ? [one] : [];
            return Results.Json(
                new
                {
                    keys = keys.Select(key => new
                    {
                        kty = "OKP",
                        crv = "Ed25519",
                        alg = "EdDSA",
                        use = "sig",
                        kid = key.Id,
                        x = key.X,
                    }),
                },
                contentType: "application/jwk-set+json"
            );
        });
}
