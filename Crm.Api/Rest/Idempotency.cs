// Idempotency-Key: the first answer to a request is kept with its effect, in one commit, and given again to a retry.

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Problems;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

/// <summary>What is answered, before it is written: kept by the idempotency record and sent to the caller.</summary>
public sealed record Answer(
    int Status,
    ReadOnlyMemory<byte> Body,
    string? ContentType = "application/json",
    string? Location = null,
    string? ETag = null
)
{
    public async Task Write(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = Status;
        if (Location is not null)
            response.Headers.Location = Location;
        if (ETag is not null)
            response.Headers.ETag = ETag;
        if (Status == StatusCodes.Status204NoContent)
            return;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(Body);
    }
}

/// <summary>One request with a key. Made by <see cref="Begin"/>; dispose it when the request ends.</summary>
public sealed class Idempotency : IDisposable
{
    public const int MostKeyLength = 255;

    /// <summary>Requests that run in this process right now; a second one with the same key is told so.</summary>
    static readonly ConcurrentDictionary<string, bool> Running = new(StringComparer.Ordinal);

    readonly string key,
        fingerprint,
        running;

    /// <summary>Whether a second request is refused instead of being given the first answer.</summary>
    bool isOnce;

    Idempotency(string key, string fingerprint, string running) => (this.key, this.fingerprint, this.running) = (key, fingerprint, running);

    /// <summary>What lets one request act, whichever comes first: any other is refused.</summary>
    public static Idempotency Once(WorkspaceSettings settings, string caller, string token)
    {
        var scoped = Hash($"{caller}|once|{token}");
        var running = $"{settings.Key.Value}|{scoped}";
        return Running.TryAdd(running, true) ? new(scoped, "", running) { isOnce = true } : throw Used();
    }

    static ProblemException Used() => new(ProblemCodes.PlanUsed, "The plan was used already. Nothing more was done.");

    /// <summary>The request's key; null when it has none. Bare or as a quoted structured-field string.</summary>
    /// <param name="part">Which change of the request, where one request can make several.</param>
    public static Idempotency? Begin(HttpContext http, WorkspaceSettings settings, string caller, string fingerprint, string part = "")
    {
        var header = http.Request.Headers["Idempotency-Key"];
        if (header.Count == 0)
            return null;
        var key = header.ToString().Trim();
        if (key.Length > 1 && key[0] == '"' && key[^1] == '"')
            key = key[1..^1];
        if (key.Length is 0 or > MostKeyLength || key.Any(c => c is < ' ' or > '~'))
            throw new ProblemException(
                ProblemCodes.InvalidIdempotencyKey,
                $"Idempotency-Key must have 1 to {MostKeyLength} visible ASCII characters."
            );
        // The caller's key id is part of it: two keys of one workspace may be two programs that number their requests alike.
        var scoped = Hash($"{caller}|{http.Request.Method}|{http.Request.Path}|{part}{key}");
        var running = $"{settings.Key.Value}|{scoped}";
        if (!Running.TryAdd(running, true))
            throw new ProblemException(
                ProblemCodes.IdempotencyKeyInUse,
                "Wait for the first request to end, then send the same one again."
            );
        return new(scoped, Hash(fingerprint + http.Request.QueryString), running);
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The first answer, when there was one.</summary>
    public async ValueTask<Answer?> Earlier(UnitOfWork work, CancellationToken cancel)
    {
        if (await work.FindBy<IdempotencyRecord>("key", key, cancel) is not { } record)
            return null;
        if (isOnce)
            throw Used();
        if (record.Fingerprint != fingerprint)
            throw new ProblemException(
                ProblemCodes.IdempotencyKeyReused,
                "The key was used for a request with another body. Use a new key for a new request."
            );
        return new((int)record.Status, Convert.FromBase64String(record.Body ?? ""), record.ContentType, record.Location, record.ETag);
    }

    /// <summary>Adds the answer to what is committed. A body with a secret is not kept: the retry hears that the key was shown
    /// already.</summary>
    public void Keep(UnitOfWork work, Answer answer) =>
        work.Insert(
            new IdempotencyRecord
            {
                Key = key,
                Fingerprint = fingerprint,
                Status = answer.Status,
                ContentType = answer.ContentType,
                Location = answer.Location,
                ETag = answer.ETag,
                Body = Convert.ToBase64String(answer.Body.Span),
            }
        );

    public void Dispose() => Running.TryRemove(running, out _);
}
