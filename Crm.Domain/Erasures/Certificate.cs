// What a finished erasure says of itself, signed: what was asked for, what was done, what stays and why.

using System.Buffers;
using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Erasures;

public static class Certificate
{
    /// <summary>The type in its header.</summary>
    public const string Type = "crm-erasure+jws";

    /// <summary>The erasure with it. A dry run has none, nor what is done again in a backup that is restored without the master key: the
    /// first certificate still says it.</summary>
    public static Erasure Of(UnitOfWork work, Erasure done) =>
        done.DryRun || work.Installation.Signer is not { } signer
            ? done
            : done with
            {
                Certificate = signer.Sign(Type, Write(work, done).WrittenSpan),
            };

    static ArrayBufferWriter<byte> Write(UnitOfWork work, Erasure done)
    {
        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(
            json,
            new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
        writer.WriteStartObject();
        writer.WriteNumber("format", 1);
        writer.WriteString("erasure", done.Id.Text<Erasure>());
        writer.WriteString("workspace", work.Settings.Workspace.Id.Text<Workspace>());
        writer.WriteString("requestedAt", done.CreatedAt);
        writer.WriteString("finishedAt", done.FinishedAt!.Value);
        writer.WriteString("requestedBy", done.MatchedBy);
        writer.WriteString("reason", done.Reason);
        Texts("people", done.People);
        writer.WriteStartArray("counts");
        foreach (var count in done.Counts)
            ObjectType.Of(typeof(ErasureCount)).Write(writer, count);
        writer.WriteEndArray();
        Texts(
            "methods",
            [
                "Records that are counted or owed stay, emptied of everything that says something of a person.",
                "Copies of records and records that belong to one are deleted.",
                "Addresses are cut out of records of other people.",
                work.Installation.Store.IsShared
                    ? "The database server lets go of deleted bytes by its own vacuum and log settings."
                    : "Deleted bytes are overwritten in the database file, its search index and its log.",
            ]
        );
        writer.WriteStartArray("kept");
        foreach (var count in done.Counts.Where(count => count.Kept > 0))
        {
            writer.WriteStartObject();
            writer.WriteString("resource", count.Resource);
            writer.WriteNumber("count", count.Kept);
            writer.WriteString("ground", "Counts and amounts that bookkeeping needs; they name the emptied record only.");
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteNumber("suppressed", done.Seals.Length);
        writer.WriteString(
            "backups",
            "A backup from before finishedAt holds the person until it is thrown away; restoring one erases them again."
        );
        writer.WriteEndObject();
        writer.Flush();
        return json;

        void Texts(string name, IEnumerable<string> all)
        {
            writer.WriteStartArray(name);
            foreach (var one in all)
                writer.WriteStringValue(one);
            writer.WriteEndArray();
        }
    }
}
