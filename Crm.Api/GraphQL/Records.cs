// How records are loaded for GraphQL: one store query for all parents of a level, whatever their number.

using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.GraphQL.Execution;

namespace Crm.Api.GraphQL;

/// <summary>One request: who asks, and what it took so far.</summary>
/// <remarks>Dispose it when the answer is written: until then it holds the pages whose bytes go into the answer.</remarks>
public sealed class GraphQLCall(HttpContext http, Installation installation, Caller caller, string fingerprint) : IDisposable
{
    List<Page>? held;

    public HttpContext Http => http;
    public Installation Installation => installation;
    public Caller Caller => caller;
    public string Fingerprint => fingerprint;

    /// <summary>The event that a subscription tells of.</summary>
    public ReadOnlyMemory<byte> Event { get; init; }

    /// <summary>Queries that were sent to the store.</summary>
    public int Queries { get; private set; }

    /// <summary>Records that came back.</summary>
    public int Rows { get; private set; }

    public async ValueTask<Page> Loaded(ValueTask<Page> query)
    {
        var page = await Counted(query);
        Rows += page.Count;
        return page;
    }

    /// <summary>The same for a page that stays as it is until the answer is written.</summary>
    public async ValueTask<Page> Held(ValueTask<Page> query)
    {
        var page = await Loaded(query);
        (held ??= []).Add(page);
        return page;
    }

    public void Dispose()
    {
        held?.ForEach(page => page.Dispose());
        held = null;
    }

    public ValueTask<T> Counted<T>(ValueTask<T> query)
    {
        Queries++;
        return query;
    }

    public static GraphQLCall Of(FieldCall field) => (GraphQLCall)field.Context!;

    public Rights NeedsRead(CatalogEntry entry) => Needs(entry, "read");

    public Rights NeedsWrite(CatalogEntry entry) => Needs(entry, "write");

    Rights Needs(CatalogEntry entry, string access)
    {
        var rights = caller.Rights(entry.Type);
        return new NeedsScope(entry.Type, access).IsMet(rights)
            ? rights
            : throw new FieldException($"The key needs the scope {entry.Type.Plural}:{access}.", ProblemCodes.InsufficientScope.Code);
    }
}

static class Records
{
    const int MostIds = 500;

    public static async ValueTask<IReadOnlyList<Loaded>> Single(FieldCall field, CatalogEntry entry)
    {
        var call = GraphQLCall.Of(field);
        var found = await ByIds(call, entry, [field.Arguments.GetProperty("id").GetString()!], field.Cancel);
        return [new(found.Values.FirstOrDefault())];
    }

    public static async ValueTask<IReadOnlyList<Loaded>> Nodes(FieldCall field, IEnumerable<CatalogEntry> readable, bool many)
    {
        var call = GraphQLCall.Of(field);
        var ids = many
            ? field.Arguments.GetProperty("ids").EnumerateArray().Select(e => e.GetString()!).ToList()
            : [field.Arguments.GetProperty("id").GetString()!];
        if (ids.Count > MostIds)
            throw new FieldException($"Takes at most {MostIds} ids.", ProblemCodes.InvalidParameter.Code);
        var found = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var entry in readable)
        {
            var here = ids.Where(id => Id.TryParse(id, entry.Type.Prefix, out _)).ToList();
            if (here.Count == 0)
                continue;
            foreach (var (id, json) in await ByIds(call, entry, here, field.Cancel))
                found[id] = json;
        }
        return [many ? new(Joined(ids, found)) : new(found.GetValueOrDefault(ids[0]))];
    }

    static async ValueTask<Dictionary<string, ReadOnlyMemory<byte>>> ByIds(
        GraphQLCall call,
        CatalogEntry entry,
        IEnumerable<string> texts,
        CancellationToken cancel
    )
    {
        var rights = call.NeedsRead(entry);
        var found = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var ids = texts
            .Distinct()
            .Select(text => Id.TryParse(text, entry.Type.Prefix, out var id) ? id : Id.Empty)
            .Where(id => id != Id.Empty)
            .ToList();
        foreach (var some in ids.Chunk(MostIds))
        {
            var page = await call.Held(call.Caller.Settings.Store.GetMany(entry.Type.Collection, some, cancel));
            for (var i = 0; i < page.Count; i++)
                if (rights.Shows(entry.Type, page[i]))
                    found[entry.Type.Text(page[i].Id)] = Projection.Of(page[i].Json, rights.ReadsOf(page[i].Json));
        }
        return found;
    }

    public static async ValueTask<IReadOnlyList<Loaded>> References(FieldCall field, CatalogEntry entry, string member, bool many)
    {
        var call = GraphQLCall.Of(field);
        var asked = field.Parents.Select(parent => Json.Texts(parent, [member])).ToList();
        var found = await ByIds(call, entry, asked.SelectMany(ids => ids), field.Cancel);
        return
        [
            .. asked.Select(ids => many ? new Loaded(Joined(ids, found)) : new(ids is [var id] ? found.GetValueOrDefault(id) : default)),
        ];
    }

    /// <summary>A list of records; null for one that is not there.</summary>
    static Piece Joined(IReadOnlyList<string> ids, Dictionary<string, ReadOnlyMemory<byte>> found) =>
        Piece.Of([.. ids.Select(id => new Piece(found.GetValueOrDefault(id)))]);

    public static async ValueTask<IReadOnlyList<Loaded>> List(FieldCall field, CatalogEntry entry) =>
        [await Page(field, RecordList.Read(field, entry, null, null))];

    static async ValueTask<Loaded> Page(FieldCall field, RecordList list)
    {
        if (list.Limit == 0)
            return await list.ToConnection([], false, field);
        var page = await list.Call.Held(list.Call.Caller.Settings.Store.Query(list.Query, field.Cancel));
        var rows = new Row[page.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = page[i];
        return await list.ToConnection(rows, page.Next is not null, field);
    }

    /// <summary>
    /// The records that refer to each parent. Without a cursor all parents share their queries: rows are read in the asked order and dealt
    /// to their parents; the next query goes on after the last row, without the parents that have enough.
    /// </summary>
    public static async ValueTask<IReadOnlyList<Loaded>> Back(FieldCall field, CatalogEntry entry, string path)
    {
        var call = GraphQLCall.Of(field);
        // Which records refer to one is what a filter by the field tells.
        if (!call.NeedsRead(entry).ReadsFilter(entry.Type, path))
            throw new FieldException($"The key may not read {path} of {entry.Type.Plural}.", ProblemCodes.InsufficientScope.Code);
        var parents = field.Parents.Select(p => Json.Text(p, "id")!).ToList();
        var lists = parents.Select(id => RecordList.Read(field, entry, new Filter.Compare(path, Comparison.Eq, Key.Of(id)), id)).ToList();
        if (lists.Count == 1 || !lists[0].FromStart)
        {
            var each = new List<Loaded>();
            foreach (var list in lists)
                each.Add(await Page(field, list));
            return each;
        }
        var limit = lists[0].Limit;
        var rows = parents.Distinct().ToDictionary(id => id, _ => new List<Row>(), StringComparer.Ordinal);
        var steps = path.Split('.');
        foreach (var some in rows.Keys.Chunk(MostIds).ToList())
        {
            var waiting = some.ToHashSet(StringComparer.Ordinal);
            Position? position = null;
            do
            {
                var all = RecordList.Read(field, entry, new Filter.In(path, [.. waiting.Select(id => Key.Of(id))]), null);
                using var page = await call.Loaded(
                    call.Caller.Settings.Store.Query(all.Query with { After = position, Limit = MostIds }, field.Cancel)
                );
                for (var i = 0; i < page.Count; i++)
                    foreach (var id in Json.Texts(page[i].Json, steps).Distinct())
                        if (waiting.Contains(id) && rows[id].Count <= limit)
                            rows[id].Add(page[i] with { Json = page[i].Json.ToArray() });
                waiting.RemoveWhere(id => rows[id].Count > limit);
                position = page.Next;
            } while (position is not null && waiting.Count > 0);
        }
        var loaded = new List<Loaded>();
        for (var i = 0; i < parents.Count; i++)
            loaded.Add(await lists[i].ToConnection([.. rows[parents[i]].Take(limit)], rows[parents[i]].Count > limit, field));
        return loaded;
    }
}
