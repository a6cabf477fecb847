// The journal of erasures: kept apart from the database, so that a backup from before an erasure does not bring the person back.

using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Domain.Erasures;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Backups;

/// <param name="Workspace">The workspace's id.</param>
/// <param name="At">When it began: what was said later is of somebody who came back.</param>
/// <param name="People">Leads and customers of the person, by id.</param>
/// <param name="Seals">Of their addresses: they say of an address that it is one, and not which.</param>
public sealed record JournaledErasure(
    string Workspace,
    string Erasure,
    DateTimeOffset At,
    IReadOnlyList<string> People,
    IReadOnlyList<string> Seals
);

/// <summary>
/// A line for each erasure, signed by the installation, with its number and the hash of the line before. Nothing in it names a person.
/// Several nodes may write to one: each adds its line with the file to itself.
/// </summary>
/// <param name="path">Null: a database server's backups are its own, and nobody said where the journal is to be.</param>
public sealed class ErasureJournal(string? path)
{
    const string Type = "crm-erased+jws";

    /// <summary>How often a file is asked for that another process has for a moment, every 20 ms.</summary>
    const int MostTries = 250;

    volatile bool isWhole;

    public string? Path => path;

    /// <summary>At the start: an empty one where none is, for restoring asks for it. One that was lost is written anew of what is
    /// stored.</summary>
    public async ValueTask Begin(Installation installation, CancellationToken cancel)
    {
        if (path is not null && File.Exists(path) && !installation.Store.IsShared)
            isWhole = true; // nobody else erases
        else if (path is not null && !File.Exists(path))
            await CatchUp(installation, cancel);
    }

    /// <summary>Adds what is stored as done and not in it: other nodes may have done it while this one kept a file of its own, or none.
    /// Once in a process.</summary>
    public async ValueTask CatchUp(Installation installation, CancellationToken cancel)
    {
        if (path is null || isWhole)
            return;
        HashSet<string> known;
        using (var file = await Open(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            known = [.. Lines(file).Lines.Select(line => Id(installation, line)).OfType<string>()];
        var type = ResourceType.Of<Erasure>();
        await foreach (var workspace in installation.Store.Workspaces(type.Collection, cancel))
        {
            var settings = await installation.Settings.Workspace(workspace, cancel);
            await foreach (var page in settings.Store.Pages(new(type.Collection, null, [], false, null, 200), cancel))
                for (var i = 0; i < page.Count; i++)
                    if (
                        type.FromRow<Erasure>(page[i]) is { Status: ErasureStatus.Done, DryRun: false } done
                        && !known.Contains(done.Id.Text<Erasure>())
                    )
                        await Add(installation, settings, done);
        }
        isWhole = true;
    }

    /// <summary>On disk when it returns; one that is in it already is not added again.</summary>
    public async ValueTask Add(Installation installation, WorkspaceSettings settings, Erasure done)
    {
        // Without its key nothing is signed: what a restore does again stands in the journal already.
        if (path is null || installation.Signer is not { } signer)
            return;
        await using var file = await Open(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var (lines, whole) = Lines(file);
        var id = done.Id.Text<Erasure>();
        if (lines.Any(line => Id(installation, line) == id))
            return;
        var json = new ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq", lines.Length + 1);
            writer.WriteString("prev", lines is [.., var last] ? HashOf(last) : null);
            writer.WriteString("workspace", settings.Workspace.Id.Text<Workspace>());
            writer.WriteString("erasure", id);
            writer.WriteString("at", done.BegunAt ?? done.FinishedAt ?? installation.Now);
            foreach (var (name, all) in new[] { ("people", done.People), ("seals", done.Seals) })
            {
                writer.WriteStartArray(name);
                foreach (var one in all)
                    writer.WriteStringValue(one);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        // A line that was being written when the process was killed does not count, and is written again.
        file.SetLength(whole);
        file.Position = whole;
        file.Write(Encoding.ASCII.GetBytes(signer.Sign(Type, json.WrittenSpan) + "\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>Which erasure a line is of; null for what this installation did not write.</summary>
    static string? Id(Installation installation, string line) =>
        installation.Verifier?.Read(line, Type) is { } json ? Read(json).Entry.Erasure : null;

    async ValueTask<FileStream> Open(FileMode mode, FileAccess access, FileShare share)
    {
        for (var tries = 0; ; tries++)
            try
            {
                return new(path!, mode, access, share);
            }
            catch (IOException taken) when (taken.GetType() == typeof(IOException) && File.Exists(path) && tries < MostTries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
            }
    }

    /// <summary>Its whole lines, and where the last of them ends.</summary>
    static (string[] Lines, long End) Lines(FileStream file)
    {
        using var reader = new StreamReader(file, Encoding.ASCII, false, leaveOpen: true);
        file.Position = 0;
        var text = reader.ReadToEnd();
        var end = text.LastIndexOf('\n') + 1;
        return (text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries), end);
    }

    async ValueTask<string[]> Lines()
    {
        await using var file = await Open(FileMode.Open, FileAccess.Read, FileShare.Read);
        return Lines(file).Lines;
    }

    /// <summary>How many erasures it knows: a backup notes it.</summary>
    public async ValueTask<long> Count() => path is not null && File.Exists(path) ? (await Lines()).Length : 0;

    /// <summary>All of it, in order, as this installation signed it.</summary>
    /// <exception cref="StoreConfigurationException">A line was changed, left out or put in, or is another installation's.</exception>
    public async ValueTask<IReadOnlyList<JournaledErasure>> ReadOf(Installation installation) =>
        installation.Verifier is { } key ? await Read(key)
        : await Count() == 0 ? []
        : throw new StoreConfigurationException(
            $"The database is from before its installation had a key that signs, so nothing says whether the journal of erasures '{path}' is its own: set Crm__MasterKey, and erase again by hand whom it names."
        );

    /// <summary>All of it, in order.</summary>
    /// <exception cref="StoreConfigurationException">A line was changed, left out or put in.</exception>
    public async ValueTask<IReadOnlyList<JournaledErasure>> Read(VerifyingKey key)
    {
        var (all, previous) = (new List<JournaledErasure>(), (string?)null);
        foreach (var line in await Lines())
        {
            var (seq, before, entry) = key.Read(line, Type) is { } json ? Read(json) : throw Changed();
            if (seq != all.Count + 1 || before != (previous is null ? null : HashOf(previous)))
                throw Changed();
            all.Add(entry);
            previous = line;
        }
        return all;

        StoreConfigurationException Changed() =>
            new(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Line {all.Count + 1} of the journal of erasures '{path}' is not as this installation wrote it."
                )
            );
    }

    static (long Seq, string? Before, JournaledErasure Entry) Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return (
            root.GetProperty("seq").GetInt64(),
            root.GetProperty("prev").GetString(),
            new(
                root.GetProperty("workspace").GetString()!,
                root.GetProperty("erasure").GetString()!,
                root.GetProperty("at").GetDateTimeOffset(),
                All("people"),
                All("seals")
            )
        );

        string[] All(string name) => [.. root.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];
    }

    static string HashOf(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(line)));
}
