// Records that the product keeps for itself: never listed, never given out.

using Crm.Domain.Resources;

namespace Crm.Domain.Work;

/// <summary>A random key of the installation, by purpose. Lives in the installation's own workspace.</summary>
[Resource("secret", "secrets", "secret", "A random key of the installation.", Can = Operations.None, RecordsEvents = false)]
public sealed record InstallationSecret : Resource
{
    [Field("What it is for.", Max = 60, Is = Is.Secret | Is.Unique | Is.NoPerson)]
    public string Purpose { get; init; } = "";

    [Field("Base64; empty when it is sealed.", Max = 100, Is = Is.Secret | Is.NoPerson)]
    public string Value { get; init; } = "";

    [Field("Base64, under the master key.", Is = Is.Secret | Is.NoPerson)]
    public SealedText? Sealed { get; init; }

    [Field("The public half of one that signs, base64.", Max = 100, Is = Is.Secret | Is.NoPerson)]
    public string? Public { get; init; }
}

/// <summary>The answer to a request that carried an Idempotency-Key, written in the same commit as its effect.</summary>
[Resource(
    "idempotencyRecord",
    "idempotency-records",
    "idem",
    "The first answer to a request with an Idempotency-Key.",
    Can = Operations.None,
    RecordsEvents = false,
    HoldsCopies = true
)]
public sealed record IdempotencyRecord : Resource
{
    [Field("SHA-256 over route and key.", Max = 64, Is = Is.Secret | Is.Unique)]
    public string Key { get; init; } = "";

    [Field("SHA-256 over query and body.", Max = 64, Is = Is.Secret)]
    public string Fingerprint { get; init; } = "";

    [Field("HTTP status.", Is = Is.Secret)]
    public long Status { get; init; }

    [Field("Media type.", Max = 100, Is = Is.Secret)]
    public string? ContentType { get; init; }

    [Field("The Location header.", Max = 300, Is = Is.Secret)]
    public string? Location { get; init; }

    [Field("The ETag header.", Max = 60, Is = Is.Secret)]
    public string? ETag { get; init; }

    /// <summary>However long: a retry that heard less than the first request would not know what it has done.</summary>
    [Field("The body in base64.", Kind = TextKind.Long, Is = Is.Secret)]
    public string? Body { get; init; }
}

/// <summary>Who does a piece of work that only one node may do at a time. Lives in the installation's own workspace.</summary>
[Resource("lease", "leases", "lease", "A piece of work that one node does.", Can = Operations.None, RecordsEvents = false)]
public sealed record Lease : Resource
{
    [Field("The work.", Max = 100, Is = Is.Secret | Is.Unique | Is.NoPerson)]
    public string Work { get; init; } = "";

    [Field("The node that does it.", Max = 64, Is = Is.Secret | Is.NoPerson)]
    public string Holder { get; init; } = "";

    [Field("Until when, unless it is renewed.", Is = Is.Secret)]
    public DateTimeOffset Until { get; init; }
}

/// <summary>What a node tells the others each second: the requests and bytes that it let in. Lives in the installation's own
/// workspace.</summary>
[Resource("nodeReport", "node-reports", "report", "What a node tells the others.", Can = Operations.None, RecordsEvents = false)]
public sealed record NodeReport : Resource
{
    [Field("Which node.", Max = 64, Is = Is.Secret | Is.NoPerson)]
    public string Node { get; init; } = "";

    [Field("By limit and bucket, requests and bytes.", Is = Is.Secret | Is.NoPerson)]
    public JsonData Taken { get; init; } = JsonData.EmptyObject;
}
