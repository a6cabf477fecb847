// What follows from a commit that had too much to follow: put off in that commit, done after it in commits of their own, each part once.

using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;

namespace Crm.Domain.Work;

/// <summary>Changes that a follow-up has still to see. Holds copies of the records, as they were before and after.</summary>
[Resource(
    "followUpJob",
    "follow-up-jobs",
    "fjob",
    "What still follows from a commit.",
    Can = Operations.None,
    TellsEvents = false,
    HoldsCopies = true
)]
public sealed record FollowUpJob : Resource
{
    /// <summary>The installation counts for each workspace how often something was put off there.</summary>
    public const string Counters = "follow-ups/";

    [Field("Which follow-up.", Max = 60, Is = Is.Secret)]
    public string FollowUp { get; init; } = "";

    [Field("Who caused the commit.", Max = 64, Is = Is.Secret)]
    public string By { get; init; } = "";

    [Field("The changes that are left: resource, record before, record after.", Is = Is.Secret | Is.Personal)]
    public JsonData Changes { get; init; } = JsonData.EmptyObject;

    internal static JsonData Write(IEnumerable<RecordChange> changes)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("changes");
            foreach (var (type, before, after) in changes)
            {
                writer.WriteStartObject();
                writer.WriteString("resource", type.Name);
                Copy("before", before);
                Copy("after", after);
                writer.WriteEndObject();

                void Copy(string name, Resource? record)
                {
                    writer.WritePropertyName(name);
                    if (record is null)
                        writer.WriteNullValue();
                    else
                        writer.WriteRawValue(type.ToJson(record), skipInputValidation: true);
                }
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return new(json.WrittenMemory);
    }

    internal List<RecordChange> Read(Catalog catalog)
    {
        using var json = Changes.Parse();
        var changes = new List<RecordChange>();
        foreach (var change in json.RootElement.GetProperty("changes").EnumerateArray())
        {
            var name = change.GetProperty("resource").GetString();
            var type = catalog.Entries.First(entry => entry.Type.Name == name).Type;
            changes.Add(new(type, Copied("before"), Copied("after")));

            Resource? Copied(string which) =>
                change.GetProperty(which) is { ValueKind: JsonValueKind.Object } record
                && Id.TryParse(record.GetProperty("id").GetString(), type.Prefix, out var id)
                    ? type.FromRow(new(id, record.GetProperty("version").GetInt64(), JsonMarshal.GetRawUtf8Value(record).ToArray()))
                    : null;
        }
        return changes;
    }
}

public static class RunFollowUps
{
    /// <summary>Into the commit that was too much: records of a size that each commit afterwards can rewrite.</summary>
    internal static void PutOff(UnitOfWork work, FollowUp followUp, IEnumerable<RecordChange> changes)
    {
        foreach (var some in changes.Chunk(FollowUp.MostAdded))
        {
            work.Insert(
                new FollowUpJob
                {
                    FollowUp = followUp.Name,
                    By = work.By,
                    Changes = FollowUpJob.Write(some),
                },
                null
            );
            CrmMetrics.PutOff.Add(some.Length, new KeyValuePair<string, object?>("follow_up", followUp.Name));
        }
        work.Notify(FollowUpJob.Counters);
    }

    /// <summary>
    /// Does a part of the workspace's oldest job: what follows, and the job without that part, are one commit, so each part is done once, whoever is
    /// killed and however many nodes try. False: there is nothing left that this product knows how to do.
    /// </summary>
    public static ValueTask<bool> Step(Installation installation, WorkspaceSettings settings, CancellationToken cancel) =>
        CommitLoop.Run<bool>(
            async _ =>
            {
                var (job, followUp) = await Oldest(installation, settings, cancel);
                if (job is null)
                    return (null, false);
                var work = new UnitOfWork(installation, settings, job.By);
                var changes = job.Read(installation.Catalog);
                var (done, room) = (0, FollowUp.MostAdded);
                // The first goes however much it adds: alone in its commit it is as little as can be.
                for (; done < changes.Count; done++)
                    if (await work.TryFollow(followUp!, changes[done], changes, true, done == 0 ? int.MaxValue : room, cancel) is { } added)
                        room -= added;
                    else
                        break;
                if (done == changes.Count)
                    work.Delete(job, null);
                else
                    work.Replace(job, job with { Changes = FollowUpJob.Write(changes.Skip(done)) }, null);
                return (work, true);
            },
            cancel
        );

    /// <summary>A job of a follow-up that is not known here is a newer node's.</summary>
    static async ValueTask<(FollowUpJob? Job, FollowUp? FollowUp)> Oldest(
        Installation installation,
        WorkspaceSettings settings,
        CancellationToken cancel
    )
    {
        var type = ResourceType.Of<FollowUpJob>();
        Position? after = null;
        do
        {
            using var page = await settings.Store.Query(new(type.Collection, null, [], false, after, 1), cancel);
            if (page.Count == 0)
                break;
            var job = type.FromRow<FollowUpJob>(page[0]);
            if (installation.Catalog.FollowUps.FirstOrDefault(one => one.Name == job.FollowUp) is { } followUp)
                return (job, followUp);
            after = page.Next;
        } while (after is not null);
        return (null, null);
    }
}
