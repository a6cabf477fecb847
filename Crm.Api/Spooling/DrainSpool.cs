// The database is back: what waited in a node's spool becomes entries, in order and each once.

using System.Text.Json;
using Crm.Domain.Erasures;
using Crm.Domain.Forms;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;

namespace Crm.Api.Spooling;

/// <summary>
/// An entry has its receipt's id from the beginning, so a drain that is killed between the commit and the removal finds it done the next
/// time.
/// </summary>
public sealed class DrainSpool(Installation installation, SubmitForm submit, SpoolFile file, ILogger log)
{
    const int AtOnce = 100;

    /// <summary>Takes over what waits.</summary>
    /// <param name="taken">Told after each that is in the database.</param>
    /// <param name="setAside">Told of each that cannot be taken over, and why.</param>
    /// <param name="withProblems">Whether what was set aside is tried again.</param>
    /// <returns>How many entries are in the database now, and how many were set aside.</returns>
    /// <exception cref="StoreUnavailableException">The database is away; what is not taken over yet goes on waiting.</exception>
    public async ValueTask<(int Taken, int SetAside)> Run(
        Action? taken,
        Action<SpoolRow, string> setAside,
        CancellationToken stop,
        bool withProblems = false
    )
    {
        var (done, aside, last) = (0, 0, 0L);
        while (file.Next(AtOnce, last, withProblems) is { Count: > 0 } rows)
            foreach (var row in rows)
            {
                last = row.Number;
                stop.ThrowIfCancellationRequested();
                if (await Take(row) is { } problem)
                {
                    file.SetAside(row, problem);
                    setAside(row, problem);
                    aside++;
                    continue;
                }
                file.Remove(row);
                done++;
                taken?.Invoke();
            }
        return (done, aside);
    }

    /// <summary>
    /// What was set aside is in no database, so no erasure meets it there: who was erased since is taken out here. An entry of theirs goes,
    /// for there is no form to which it could be kept; of somebody else's only the address.
    /// </summary>
    /// <returns>How many went.</returns>
    public async ValueTask<int> ForgetErased(CancellationToken stop)
    {
        var (gone, last) = (0, 0L);
        while (file.Next(AtOnce, last, withProblems: true) is { Count: > 0 } rows)
            foreach (var row in rows)
            {
                last = row.Number;
                if (
                    row.Problem is null
                    || await WorkspaceOf(row, stop) is not { } workspace
                    || await ErasedMeanwhile.In(installation, installation.Store.Open(workspace), row.Id.Time, row.Json, stop)
                        is not { } erased
                )
                    continue;
                if (erased.IsOnlyNamedIn(row.Json) && erased.CutOut(row.Json) is { } left)
                {
                    file.Change(row, left);
                    continue;
                }
                file.Remove(row);
                gone++;
            }
        return gone;
    }

    /// <summary>Null when nothing says whose it is.</summary>
    async ValueTask<WorkspaceKey?> WorkspaceOf(SpoolRow row, CancellationToken stop)
    {
        SpooledPost? spooled;
        try
        {
            spooled = JsonSerializer.Deserialize<SpooledPost>(row.Json);
        }
        catch (JsonException)
        {
            return null;
        }
        if (spooled is null)
            return null;
        if (await installation.Settings.Find(PlannedForm.ByKey, spooled.FormKey, stop) is { } form)
            return form.Settings.Key;
        return spooled.Workspace > 0 ? new(spooled.Workspace) : null;
    }

    /// <summary>Why it cannot be taken over; null when it is in the database.</summary>
    async ValueTask<string?> Take(SpoolRow row)
    {
        try
        {
            if (JsonSerializer.Deserialize<SpooledPost>(row.Json) is not { } spooled)
                return "It is empty.";
            if (await installation.Settings.Find(PlannedForm.ByKey, spooled.FormKey, CancellationToken.None) is not { } form)
                return "Its form does not exist any more.";
            await submit.RunSpooled(form, spooled.Post, spooled.From, row.Id, CancellationToken.None);
            return null;
        }
        catch (JsonException damaged)
        {
            return "It cannot be read: " + damaged.Message;
        }
        catch (ProblemException problem)
        {
            return problem.Detail;
        }
        // One that nothing can be made of must not hold back those behind it.
        catch (Exception failure) when (failure is not (StoreUnavailableException or OperationCanceledException))
        {
            log.LogError(failure, "A post in the spool could not be taken over.");
            return "It could not be taken over: " + failure.Message;
        }
    }
}
