// An upgrade: proposed changes that an older version kept inside its leads become records beside them.

using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Leads;

public static class MoveProposals
{
    static readonly ResourceType Leads = ResourceType.Of<Lead>();

    /// <summary>
    /// Leads that hold any have a key of their own, so that finding none costs one look in each workspace. A lead goes over in one commit
    /// with its proposals: killed anywhere and run again, by however many nodes, each proposal is there once.
    /// </summary>
    public static async Task Run(Installation installation, CancellationToken cancel)
    {
        var hold = new Filter.Compare("holdsProposals", Comparison.Eq, Key.Of(1));
        await foreach (var workspace in installation.Store.Workspaces(Leads.Collection, cancel))
        {
            var store = installation.Store.Open(workspace);
            await foreach (var page in store.Pages(new(Leads.Collection, hold, [], false, null, 50), cancel))
                for (var i = 0; i < page.Count; i++)
                    await Move(installation, workspace, page[i].Id, cancel);
        }
    }

    static async Task Move(Installation installation, WorkspaceKey workspace, Id id, CancellationToken cancel)
    {
        var settings = await installation.Settings.Workspace(workspace, cancel);
        await CommitLoop.Run(
            async _ =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                if (await work.Find<Lead>(id, cancel) is not { InnerProposals: { } inner } lead)
                    return (null, false); // Another node moved them.
                using var document = inner.Parse();
                // No budget: they are here already.
                List<ProposedChange> moved =
                [
                    .. Read(document.RootElement)
                        .DistinctBy(one => (one.Field, one.Value))
                        .Select(one => work.Insert(one with { Lead = id }, null)),
                ];
                work.Replace(lead, ProposeChanges.Counted(lead with { InnerProposals = null }, [], moved), null);
                return (work, true);
            },
            cancel
        );
    }

    /// <summary>Proposals as they stand in a lead of an older version, in their order; without an id and without their lead.</summary>
    public static IEnumerable<ProposedChange> Read(JsonElement inner)
    {
        foreach (var json in inner.EnumerateArray())
        {
            var by = json.GetProperty("by").GetString() ?? "";
            yield return new()
            {
                Field = json.GetProperty("field").GetString() ?? "",
                Value = JsonData.From(json.GetProperty("value")),
                By = by,
                Submission = Id.TryParse<Forms.Submission>(by, out var entry) ? entry : null,
                At = json.GetProperty("at").GetDateTimeOffset(),
            };
        }
    }
}
