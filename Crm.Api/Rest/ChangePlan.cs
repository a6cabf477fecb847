// A change that is seen before it is made. Whoever asks for plans is answered what a change that deletes, merges, sends or the like would
// do, and only the same call with the plan's token does it, once.

using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Api.Security;
using Crm.Domain;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

/// <summary>A feature of a request whose caller wants plans.</summary>
/// <param name="Call">The call as it was made, without the token: what the plan is bound to.</param>
/// <param name="Token">The token of a plan that is to be carried out; null: there is none yet.</param>
public sealed record AsksForPlans(string Call, string? Token);

/// <summary>
/// The plan is what the change's own code adds to a unit of work that is not committed, so it cannot say something else than what happens.
/// The token is sealed over the caller, the call, the time and the records with their versions; that it was used is stored in the commit
/// that it leads to.
/// </summary>
public sealed class ChangePlan
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    /// <summary>Ids that a plan names of each resource; the rest is counted.</summary>
    const int MostIds = 20;

    const int SealBytes = 16,
        HashBytes = 16,
        ContentBytes = sizeof(long) + 2 * HashBytes + sizeof(long),
        LongestToken = 200;

    readonly Caller caller;
    readonly Installation installation;
    readonly Func<ActionResult, Effect> effect;
    readonly byte[] call;
    readonly byte[]? planned;

    ChangePlan(Caller caller, Installation installation, AsksForPlans asked, Func<ActionResult, Effect> effect)
    {
        (this.caller, this.installation, this.effect) = (caller, installation, effect);
        call = Hash(asked.Call);
        planned = asked.Token is null ? null : Read(asked.Token);
    }

    /// <summary>The request's plan; null when its caller asks for none.</summary>
    /// <exception cref="ProblemException">The token is not one of this call, or too old.</exception>
    public static ChangePlan? Of(HttpContext http, CatalogEntry entry) =>
        http.Features.Get<AsksForPlans>() is { } asked
            ? new(Caller.Of(http), http.RequestServices.GetRequiredService<Installation>(), asked, made =>
                EffectOf(http.GetEndpoint()?.Metadata.GetMetadata<RestOperation>(), entry, made)
            )
            : null;

    static Effect EffectOf(RestOperation? operation, CatalogEntry entry, ActionResult made) =>
        operation?.Action is { } action ? action.Effect
        : operation?.Name == "delete" ? Effect.Deletes
        : entry.Saving is null ? Effect.Ordinary
        : made.Record is { } record ? entry.Saving(record)
        : Effect.Unsaid;

    /// <summary>What is shown instead of a commit; null: it may be committed.</summary>
    /// <param name="render">The change's answer, if it were made.</param>
    /// <exception cref="ProblemException">What would happen is not what the plan says.</exception>
    public Answer? Hold(UnitOfWork work, ActionResult made, Func<ActionResult, Answer> render)
    {
        var changes = Planned(work.Changes);
        var why = effect(made);
        if (why is Effect.Ordinary or Effect.Looks && changes.Any(change => change.Does == "delete"))
            why = Effect.Deletes; // whatever was said of it
        if (planned is not null)
            return CryptographicOperations.FixedTimeEquals(planned, HashOf(changes))
                ? null
                : throw new ProblemException(
                    ProblemCodes.PlanOutdated,
                    "The records are not as they were when the plan was made. Nothing was done."
                );
        return why is Effect.Ordinary or Effect.Looks
            ? null
            : new(StatusCodes.Status202Accepted, Shown(why, changes, WouldAnswer(work, made, render)));
    }

    /// <summary>The same token a second time finds that it was used, on every node.</summary>
    public static Idempotency? Once(HttpContext http, Caller caller) =>
        http.Features.Get<AsksForPlans>()?.Token is { } token ? Idempotency.Once(caller.Settings, caller.By, token) : null;

    /// <param name="Id">Null for a new record: it has no id before it is made.</param>
    readonly record struct PlannedChange(ResourceType Type, string Does, Id? Id, long Version);

    /// <summary>The changes of records that callers know of; what only the product keeps for itself is none of a plan.</summary>
    List<PlannedChange> Planned(IReadOnlyList<Change> changes)
    {
        var types = installation.Catalog.Public.ToDictionary(entry => entry.Type.Collection.Name, entry => entry.Type);
        var found = new List<PlannedChange>();
        foreach (var change in changes)
        {
            (Collection? Of, string Does, Id? Id, long Version) seen = change switch
            {
                Change.Insert one => (one.Document.Collection, "create", null, 0),
                Change.Replace one => (one.Document.Collection, "change", one.Document.Id, one.IfVersion),
                Change.Delete one => (one.Collection, "delete", one.Id, one.IfVersion),
                _ => (null, "", null, 0),
            };
            if (seen.Of is { } collection && types.TryGetValue(collection.Name, out var type))
                found.Add(new(type, seen.Does, seen.Id, seen.Version));
        }
        return found;
    }

    static byte[] HashOf(List<PlannedChange> changes) =>
        Hash(
            string.Join(
                '\n',
                changes
                    .Select(one => $"{one.Does} {one.Type.Plural} {(one.Id is { } id ? one.Type.Text(id) : "")} {one.Version}")
                    .Order(StringComparer.Ordinal)
            )
        );

    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..HashBytes];

    /// <summary>A record that is there already, as it would be; a new one would be shown under an id that it will not have.</summary>
    ReadOnlyMemory<byte> WouldAnswer(UnitOfWork work, ActionResult made, Func<ActionResult, Answer> render) =>
        made.Record is { } record && work.Changes.Any(change => change is Change.Insert insert && insert.Document.Id == record.Id)
            ? default
            : render(made).Body;

    ReadOnlyMemory<byte> Shown(Effect why, List<PlannedChange> changes, ReadOnlyMemory<byte> result)
    {
        var expires = installation.Now + Lasts;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = JsonText.Writer(buffer);
        writer.WriteStartObject();
        writer.WriteStartObject("plan");
        writer.WriteString("token", Token(expires, changes));
        writer.WritePropertyName("expiresAt");
        DateTimeValue.WriteTime(writer, expires);
        writer.WriteString("because", Sentence(why));
        writer.WriteStartArray("changes");
        foreach (var group in changes.GroupBy(one => (one.Type, one.Does)))
        {
            writer.WriteStartObject();
            writer.WriteString("resource", group.Key.Type.Plural);
            writer.WriteString("does", group.Key.Does);
            writer.WriteNumber("count", group.Count());
            writer.WriteStartArray("ids");
            // Which records there are is said to who may read all of them.
            if (caller.Rights(group.Key.Type) is { MayRead: true, Rows: null })
                foreach (var id in group.Select(one => one.Id).OfType<Id>().Take(MostIds))
                    writer.WriteStringValue(group.Key.Type.Text(id));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (!result.IsEmpty)
        {
            writer.WritePropertyName("result");
            writer.WriteRawValue(result.Span);
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    static string Sentence(Effect effect) =>
        effect switch
        {
            Effect.Deletes => "Something is deleted by it.",
            Effect.Merges => "Records are merged or taken apart by it.",
            Effect.Sends => "Something is sent by it.",
            Effect.Pays => "It changes what somebody is owed or paid.",
            Effect.Opens => "It lets somebody in, or shows data outside the workspace.",
            _ => "It is to be seen before it is done.",
        };

    // ---- The token

    string Context => string.Create(CultureInfo.InvariantCulture, $"{caller.Settings.Key.Value}|{caller.By}");

    TokenSeal Seal => installation.Seal(CrmCatalog.Plans);

    string Token(DateTimeOffset expires, List<PlannedChange> changes)
    {
        Span<byte> content = stackalloc byte[ContentBytes];
        BinaryPrimitives.WriteInt64BigEndian(content, expires.ToUnixTimeMilliseconds());
        call.CopyTo(content[sizeof(long)..]);
        HashOf(changes).CopyTo(content[(sizeof(long) + HashBytes)..]);
        RandomNumberGenerator.Fill(content[^sizeof(long)..]); // two plans of the same call are two: each acts once
        return Seal.Enclose(content, Context, SealBytes);
    }

    /// <summary>What the plan says of the records.</summary>
    byte[] Read(string token)
    {
        if (
            token.Length > LongestToken
            || Seal.Disclose(token, Context, SealBytes) is not { Length: ContentBytes } content
            || !content.AsSpan(sizeof(long), HashBytes).SequenceEqual(call)
        )
            throw new ProblemException(
                ProblemCodes.PlanInvalid,
                "The plan is not of this call: of another key, of other arguments, or not one of ours."
            );
        if (BinaryPrimitives.ReadInt64BigEndian(content) <= installation.Now.ToUnixTimeMilliseconds())
            throw new ProblemException(ProblemCodes.PlanExpired, "The plan is too old. Make the call without it for a new one.");
        return content[(sizeof(long) + HashBytes)..(sizeof(long) + 2 * HashBytes)];
    }
}
