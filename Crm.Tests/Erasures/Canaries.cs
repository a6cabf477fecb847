// Words that must be gone, looked for in every form in which bytes may hold them.

using System.Text;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Tests.Erasures;

static class Canaries
{
    public static string[] Make(int count) => [.. Enumerable.Range(0, count).Select(i => $"Canary{i}q{Guid.NewGuid():N}"[..28])];

    static IEnumerable<byte[]> Encodings(string canary)
    {
        yield return Encoding.UTF8.GetBytes(canary);
        yield return Encoding.UTF8.GetBytes(canary.ToLowerInvariant());
        yield return Encoding.Unicode.GetBytes(canary);
        yield return Encoding.UTF8.GetBytes(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(canary)));
        // Of base64 what does not depend on the bytes before and behind.
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(' ', before) + canary));
            yield return Encoding.UTF8.GetBytes(text[4..^4]);
        }
    }

    /// <summary>Each that is found, with where.</summary>
    public static List<string> In(string[] canaries, IEnumerable<string> files) =>
        [.. files.SelectMany(file => In(canaries, Path.GetFileName(file), LiveFile.Read(file)))];

    public static List<string> In(string[] canaries, string where, byte[] bytes)
    {
        var found = new List<string>();
        for (var i = 0; i < canaries.Length; i++)
            foreach (var form in Encodings(canaries[i]))
                if (bytes.AsSpan().IndexOf(form) is var at and >= 0)
                {
                    var around = bytes.AsSpan(Math.Max(0, at - 60)..Math.Min(bytes.Length, at + 60));
                    found.Add($"{i} in {where}: {Encoding.Latin1.GetString(around)}");
                    break;
                }
        return found;
    }

    /// <summary>In every row of every collection of a workspace.</summary>
    public static async Task<List<string>> InRows(string[] canaries, TestWorkspace workspace)
    {
        var product = workspace.Server.Services.GetRequiredService<Installation>();
        var (rows, found) = (product.Store.Open(await workspace.StoreKey(product)), new List<string>());
        foreach (var collection in product.Catalog.Collections)
        await foreach (var page in rows.Pages(new(collection, null, [], false, null, 500), default))
            for (var i = 0; i < page.Count; i++)
                found.AddRange(In(canaries, collection.Name, page[i].Json.ToArray()));
        return [.. found.DistinctBy(one => one.Split(' ')[0])];
    }
}
