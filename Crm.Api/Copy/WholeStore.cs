// Everything that an installation has stored, in one order that is the same on every database.

using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Copy;

/// <summary>How much there is of something, and what it is: equal when two databases hold the same.</summary>
public sealed record Sum(long Count, string Checksum);

public static class WholeStore
{
    public const string Counters = "counters";

    /// <summary>All rows of a collection in one workspace, by id.</summary>
    public static Query All(Collection collection, Position? after = null) =>
        new(collection, null, [], IdDescending: false, after, PageSize);

    const int PageSize = 500;

    /// <summary>The workspaces that may have counters: the installation and every one with a row.</summary>
    public static async Task<SortedSet<long>> CountingWorkspaces(IStore store, Catalog catalog, CancellationToken cancel)
    {
        var found = new SortedSet<long> { WorkspaceKey.Installation.Value };
        foreach (var collection in catalog.Collections)
        await foreach (var workspace in store.Workspaces(collection, cancel))
            found.Add(workspace.Value);
        return found;
    }

    public static async Task<Sum> SumOf(IStore store, Collection collection, Action<int> done, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (count, head) = (0L, new byte[36]);
        await foreach (var workspace in store.Workspaces(collection, cancel))
        await foreach (var page in store.Open(workspace).Pages(All(collection), cancel))
        {
            for (var i = 0; i < page.Count; i++)
            {
                var row = page[i];
                BitConverter.TryWriteBytes(head, workspace.Value);
                row.Id.CopyTo(head.AsSpan(8));
                BitConverter.TryWriteBytes(head.AsSpan(24), row.Version);
                BitConverter.TryWriteBytes(head.AsSpan(32), row.Json.Length);
                hash.AppendData(head);
                hash.AppendData(row.Json.Span);
            }
            count += page.Count;
            done(page.Count);
        }
        return new(count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    public static async Task<Sum> SumOfCounters(IStore store, Catalog catalog, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0L;
        foreach (var workspace in await CountingWorkspaces(store, catalog, cancel))
        foreach (var (name, value) in await store.Open(new(workspace)).Counters("", int.MaxValue, cancel))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{workspace}|{name}|{value}\n"));
            count++;
        }
        return new(count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>One line of JSON for each row and counter, ordered by collection, workspace and id: the same bytes for the same content,
    /// whatever the database.</summary>
    public static async Task Export(IStore store, Catalog catalog, Stream to, CancellationToken cancel)
    {
        var line = new ArrayBufferWriter<byte>();
        foreach (var entry in catalog.Entries)
        await foreach (var workspace in store.Workspaces(entry.Type.Collection, cancel))
        await foreach (var page in store.Open(workspace).Pages(All(entry.Type.Collection), cancel))
        {
            for (var i = 0; i < page.Count; i++)
            {
                line.Write(
                    Encoding.UTF8.GetBytes(
                        $"{{\"collection\":\"{entry.Type.Collection.Name}\",\"workspace\":{workspace.Value},\"version\":{page[i].Version},\"document\":"
                    )
                );
                line.Write(page[i].Json.Span);
                line.Write("}\n"u8);
            }
            await to.WriteAsync(line.WrittenMemory, cancel);
            line.ResetWrittenCount();
        }
        foreach (var workspace in await CountingWorkspaces(store, catalog, cancel))
        foreach (var (name, value) in await store.Open(new(workspace)).Counters("", int.MaxValue, cancel))
            await to.WriteAsync(
                Encoding.UTF8.GetBytes(
                    $"{{\"counter\":{System.Text.Json.JsonSerializer.Serialize(name)},\"workspace\":{workspace},\"value\":{value}}}\n"
                ),
                cancel
            );
    }
}
