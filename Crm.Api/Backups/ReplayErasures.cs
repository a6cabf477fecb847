// Erases again, in a restored database that nobody serves yet, whom the journal names and the backup still holds.

using Crm.Domain.Customers;
using Crm.Domain.Erasures;
using Crm.Domain.Leads;
using Crm.Domain.People;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Backups;

public static class ReplayErasures
{
    /// <returns>How many there were to do.</returns>
    public static async Task<int> Run(Installation installation, IReadOnlyList<JournaledErasure> journal, CancellationToken cancel)
    {
        var (workspaces, replayed) = (ResourceType.Of<Workspace>().Collection, 0);
        await foreach (var workspace in installation.Store.Workspaces(workspaces, cancel))
        {
            var settings = await installation.Settings.Workspace(workspace, cancel);
            var open = new List<(JournaledErasure Entry, Id Id, Erasure? Stored)>();
            foreach (var entry in journal.Where(entry => entry.Workspace == settings.Workspace.Id.Text<Workspace>()))
                if (
                    Id.TryParse<Erasure>(entry.Erasure, out var id)
                    && await new UnitOfWork(installation, settings, "system").Find<Erasure>(id, cancel) is var stored
                    && stored?.Status != ErasureStatus.Done
                )
                    open.Add((entry, id, stored));
            if (open.Count == 0)
                continue;
            var owners = await Owners(installation, settings, [.. open.SelectMany(one => one.Entry.Seals)], cancel);
            foreach (var (entry, id, stored) in open)
            {
                var run = stored is not null
                    ? stored with
                    {
                        BegunAt = stored.BegunAt ?? entry.At,
                    }
                    : await Insert(
                        installation,
                        settings,
                        new()
                        {
                            Id = id,
                            BegunAt = entry.At,
                            People = [.. entry.People.Union(owners.Where(one => entry.Seals.Contains(one.Seal)).Select(one => one.Person))],
                            Seals = [.. entry.Seals],
                        },
                        cancel
                    );
                while (run.Status != ErasureStatus.Done)
                {
                    // What was begun needs the settings of behind its beginning.
                    settings = await installation.Settings.Workspace(workspace, cancel);
                    run = await ErasePerson.Step(installation, settings, run, cancel)
                        ?? throw new StoreConfigurationException(
                            "Somebody else writes to the database: stop the product on every node until the erasures are done again."
                        );
                }
                replayed++;
            }
        }
        return replayed;
    }

    /// <summary>People of the backup who have an erased address and were known by another record when they were erased: merged or deleted
    /// in between.</summary>
    static async Task<List<(string Seal, string Person)>> Owners(
        Installation installation,
        WorkspaceSettings settings,
        HashSet<string> seals,
        CancellationToken cancel
    )
    {
        var owners = new List<(string, string)>();
        foreach (var type in new[] { ResourceType.Of<Lead>(), ResourceType.Of<Customer>() })
        await foreach (var page in settings.Store.Pages(new(type.Collection, null, [], false, null, 500), cancel))
            for (var i = 0; i < page.Count; i++)
            {
                var person = (Person)type.FromRow(page[i]);
                foreach (var (field, value) in SuppressPerson.IdentitiesOf(person))
                    if (SuppressPerson.SealOf(installation, field, value) is var seal && seals.Contains(seal))
                        owners.Add((seal, type.Text(person.Id)));
            }
        return owners;
    }

    static ValueTask<Erasure> Insert(Installation installation, WorkspaceSettings settings, Erasure run, CancellationToken cancel) =>
        CommitLoop.Run<Erasure>(
            _ =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                var made = work.Insert(run);
                return new((work, made));
            },
            cancel
        );
}
