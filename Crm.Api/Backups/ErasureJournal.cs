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
/// <param name="People">Leads and customers of the person, by id.</param>
/// <param name="Seals">Of their addresses: they say of an address that it is one, and not which.</param>
public sealed record JournaledErasure(string Workspace, string Erasure, IReadOnlyList<string> People, IReadOnlyList<string> Seals);

/// <summary>
/// A line for each erasure, signed by the installation, with its number and the hash of the line before. Nothing in it names a person.
/// </summary>
/// <param name="path">Null: a database server's backups are its own, and nobody said where the journal is to be.</param>
public sealed class ErasureJournal(string? path)
{
    const string Type = "crm-erased+jws";

    public string? Path => path;

    /// <summary>An empty one where none is: restoring asks for it. One that was lost is written anew of what is stored.</summary>
    public async ValueTask Begin(Installation installation, CancellationToken cancel)
    {
        if (path is null || File.Exists(path))
            return;
        Append([]);
        var type = ResourceType.Of<Erasure>();
        await foreach (var workspace in installation.Store.Workspaces(type.Collection, cancel))
        {
            var settings = await installation.Settings.Workspace(workspace, cancel);
            await foreach (var page in settings.Store.Pages(new(type.Collection, null, [], false, null, 200), cancel))
                for (var i = 0; i < page.Count; i++)
                    if (type.FromRow<Erasure>(page[i]) is { Status: ErasureStatus.Done, DryRun: false } done)
                        Add(installation, settings, done);
        }
    }

    /// <summary>On disk when it returns; one that is in it already is not added again.</summary>
    public void Add(Installation installation, WorkspaceSettings settings, Erasure done)
    {
        if (path is null)
            return;
        var lines = File.Exists(path) ? Lines(path) : [];
        var id = done.Id.Text<Erasure>();
        if (lines.Any(line => installation.Signer.Public.Read(line, Type) is { } known && Read(known).Entry.Erasure == id))
            return;
        var json = new ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq", lines.Length + 1);
            writer.WriteString("prev", lines is [.., var last] ? HashOf(last) : null);
            writer.WriteString("workspace", settings.Workspace.Id.Text<Workspace>());
            writer.WriteString("erasure", id);
            writer.WriteString("at", installation.Now);
            foreach (var (name, all) in new[] { ("people", done.People), ("seals", done.Seals) })
            {
                writer.WriteStartArray(name);
                foreach (var one in all)
                    writer.WriteStringValue(one);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        Append(Encoding.ASCII.GetBytes(installation.Signer.Sign(Type, json.WrittenSpan) + "\n"));
    }

    void Append(ReadOnlySpan<byte> line)
    {
        using var file = new FileStream(path!, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        file.Position = LengthOfWholeLines(file);
        file.SetLength(file.Position);
        file.Write(line);
        file.Flush(flushToDisk: true);
    }

    /// <summary>A line that was being written when the process was killed does not count, and is written again.</summary>
    static long LengthOfWholeLines(FileStream file)
    {
        for (var end = file.Length; end > 0; end--)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n')
                return end;
        }
        return 0;
    }

    static string[] Lines(string path)
    {
        var text = File.ReadAllText(path);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>How many erasures it knows: a backup notes it.</summary>
    public long Count => path is not null && File.Exists(path) ? Lines(path).Length : 0;

    /// <summary>All of it, in order.</summary>
    /// <exception cref="StoreConfigurationException">A line was changed, left out or put in.</exception>
    public IReadOnlyList<JournaledErasure> Read(VerifyingKey key)
    {
        var (all, previous) = (new List<JournaledErasure>(), (string?)null);
        foreach (var line in Lines(path!))
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
            new(root.GetProperty("workspace").GetString()!, root.GetProperty("erasure").GetString()!, All("people"), All("seals"))
        );

        string[] All(string name) => [.. root.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];
    }

    static string HashOf(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(line)));
}
