// How records are loaded for GraphQL: one store query for all parents of a level, whatever their number.

using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Work;
using Crm.GraphQL;
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

    /// <summary>Of these records.</summary>
    public long Bytes { get; private set; }

    /// <summary>The bytes that may still be loaded.</summary>
    public long Room => GraphQLOperation.MostBytes - Bytes;

    public static readonly GraphError TooLarge = new(
        $"The request loads more than {GraphQLOperation.MostBytes / 1024} KiB. Ask for fewer rows or fields.",
        Code: "COST_LIMIT"
    );

    public async ValueTask<Page> Loaded(ValueTask<Page> query)
    {
        var page = await Counted(query);
        Rows += page.Count;
        Bytes += page.Bytes;
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
        return [found.Values.FirstOrDefault()];
    }

    public static async ValueTask<IReadOnlyList<Loaded>> Nodes(FieldCall field, IEnumerable<CatalogEntry> readable, bool many)
    {
        var call = GraphQLCall.Of(field);
        var ids = many
            ? field.Arguments.GetProperty("ids").EnumerateArray().Select(e => e.GetString()!).ToList()
            : [field.Arguments.GetProperty("id").GetString()!];
        if (ids.Count > MostIds)
            throw new FieldException($"Takes at most {MostIds} ids.", ProblemCodes.InvalidParameter.Code);
        var found = new Dictionary<string, Loaded>(StringComparer.Ordinal);
        foreach (var entry in readable)
        {
            var here = ids.Where(id => Id.TryParse(id, entry.Type.Prefix, out _)).ToList();
            if (here.Count == 0)
                continue;
            foreach (var (id, record) in await ByIds(call, entry, here, field.Cancel))
                found[id] = record;
        }
        return [many ? Joined(ids, found) : found.GetValueOrDefault(ids[0])];
    }

    /// <summary>A record that is damaged is nothing and an error; the others are what they are.</summary>
    static async ValueTask<Dictionary<string, Loaded>> ByIds(
        GraphQLCall call,
        CatalogEntry entry,
        IEnumerable<string> texts,
        CancellationToken cancel
    )
    {
        var rights = call.NeedsRead(entry);
        var found = new Dictionary<string, Loaded>(StringComparer.Ordinal);
        var ids = texts
            .Distinct()
            .Select(text => Id.TryParse(text, entry.Type.Prefix, out var id) ? id : Id.Empty)
            .Where(id => id != Id.Empty)
            .ToList();
        foreach (var some in ids.Chunk(MostIds))
        {
            // What is cut from a list can be asked for by its cursor; a reference that is left out would look like none.
            if (call.Room <= 0)
                throw new FieldException(GraphQLCall.TooLarge.Message, GraphQLCall.TooLarge.Code!);
            var page = await call.Held(call.Caller.Settings.Store.GetMany(entry.Type.Collection, some, cancel, call.Room));
            if (page.Next is not null)
                throw new FieldException(GraphQLCall.TooLarge.Message, GraphQLCall.TooLarge.Code!);
            for (var i = 0; i < page.Count; i++)
                if (page.DamageAt(i) is { } damage)
                    found[damage.Record] = new(default(Piece), Error(damage));
                else if (rights.Shows(entry.Type, page[i]))
                    found[entry.Type.Text(page[i].Id)] = new(Projection.Of(page[i].Json, rights.ReadsOf(page[i].Json)));
            if (entry.Type.Alias is null)
                continue;
            foreach (var (text, id) in some.Select(id => (entry.Type.Text(id), id)).Where(one => !found.ContainsKey(one.Item1)))
                if (await FindRow.ByAlias(call.Caller.Settings.Store, entry.Type, id, cancel) is { } row && rights.Shows(entry.Type, row))
                    found[text] = new(Projection.Of(row.Json, rights.ReadsOf(row.Json)));
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
            .. asked.Select(ids =>
                many ? Joined(ids, found)
                : ids is [var id] ? found.GetValueOrDefault(id)
                : default
            ),
        ];
    }

    /// <summary>A member that is made when a record is answered; null when what it is made of may not be read.</summary>
    public static IReadOnlyList<Loaded> Served(FieldCall field, CatalogEntry entry, Field member)
    {
        var caller = GraphQLCall.Of(field).Caller;
        return
        [
            .. field.Parents.Select(parent =>
                Json.Text(parent, member.MadeOf!) is not null
                && caller.Rights(entry.Type).Reads.Contains(member.Name)
                && Id.TryParse(Json.Text(parent, "id"), entry.Type.Prefix, out var id)
                && member.Get(entry.Served(caller.Settings, caller.Origin, entry.Type.FromRow(new(id, 0, parent)))) is { } value
                    ? new Loaded((ReadOnlyMemory<byte>)JsonText.Bytes(value))
                    : Loaded.Null
            ),
        ];
    }

    /// <summary>A list of records; null for one that is not there, or cannot be read.</summary>
    static Loaded Joined(IReadOnlyList<string> ids, Dictionary<string, Loaded> found)
    {
        var records = ids.Select(id => found.GetValueOrDefault(id)).ToList();
        return new(Piece.Of([.. records.Select(record => record.Value)]), records.Find(record => record.Error is not null).Error);
    }

    static GraphError Error(DamagedRecordException damage) => new(damage.Message, Code: ProblemCodes.RecordDamaged.Code);

    /// <summary>What is loaded, or the error of its field when a record that it needs is damaged.</summary>
    public static async ValueTask<IReadOnlyList<Loaded>> OrDamage(ValueTask<IReadOnlyList<Loaded>> load)
    {
        try
        {
            return await load;
        }
        catch (DamagedRecordException damage)
        {
            throw new FieldException(damage.Message, ProblemCodes.RecordDamaged.Code);
        }
    }

    public static async ValueTask<IReadOnlyList<Loaded>> List(FieldCall field, CatalogEntry entry) =>
        [await Page(field, RecordList.Read(field, entry, null, null))];

    static async ValueTask<Loaded> Page(FieldCall field, RecordList list)
    {
        if (list.Limit == 0)
            return await list.ToConnection([], false, field);
        if (list.Call.Room <= 0)
            return await list.ToConnection([], true, field);
        var page = await list.Call.Held(
            list.Call.Caller.Settings.Store.Query(list.Query with { MostBytes = list.Call.Room }, field.Cancel)
        );
        var rows = new List<Row>(page.Count);
        for (var i = 0; i < page.Count; i++)
            if (page.DamageAt(i) is null)
                rows.Add(page[i]);
        var connection = await list.ToConnection([.. rows], page.Next is not null, field);
        return page.FirstDamaged is { } first ? new(connection.Value, Error(page.DamageAt(first)!)) : connection;
    }

    /// <summary>
    /// The records that refer to each parent. Without a cursor all parents share their queries: rows are read in the asked order and dealt
    /// to their parents; the next query goes on after the last row, without the parents that have enough. When there is no room for more
    /// bytes, the lists end where they are, and say that they go on.
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
        var (steps, cut) = (path.Split('.'), new HashSet<string>(StringComparer.Ordinal));
        foreach (var some in rows.Keys.Chunk(MostIds).ToList())
        {
            var waiting = some.ToHashSet(StringComparer.Ordinal);
            Position? position = null;
            while (waiting.Count > 0)
            {
                if (call.Room <= 0)
                {
                    cut.UnionWith(waiting);
                    break;
                }
                var all = RecordList.Read(field, entry, new Filter.In(path, [.. waiting.Select(id => Key.Of(id))]), null);
                using var page = await call.Loaded(
                    call.Caller.Settings.Store.Query(
                        all.Query with
                        {
                            After = position,
                            Limit = MostIds,
                            MostBytes = call.Room,
                        },
                        field.Cancel
                    )
                );
                for (var i = 0; i < page.Count; i++)
                    foreach (var id in Json.Texts(page[i].Json, steps).Distinct())
                        if (waiting.Contains(id) && rows[id].Count <= limit)
                            rows[id].Add(page[i] with { Json = page[i].Json.ToArray() });
                waiting.RemoveWhere(id => rows[id].Count > limit);
                position = page.Next;
                if (position is null)
                    break;
            }
        }
        var loaded = new List<Loaded>();
        for (var i = 0; i < parents.Count; i++)
        {
            var own = rows[parents[i]];
            loaded.Add(await lists[i].ToConnection([.. own.Take(limit)], own.Count > limit || cut.Contains(parents[i]), field));
        }
        return loaded;
    }
}
