// The parts of a stored document, read where they lie.

using System.Text;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

readonly ref struct MongoDocument
{
    public Id Id { get; private init; }
    public long Workspace { get; private init; }
    public long Version { get; private init; }
    public ReadOnlySpan<byte> Json { get; private init; }

    /// <summary>Above 0: it waits for its position, in this order.</summary>
    public long Order { get; private init; }

    /// <summary>Where the position goes in the JSON.</summary>
    public int PositionAt { get; private init; }

    /// <summary>Empty when the document came without.</summary>
    public ReadOnlySpan<byte> Keys { get; private init; }

    /// <summary>Computed members; empty when there are none.</summary>
    public ReadOnlySpan<byte> Members { get; private init; }

    /// <summary>The unique keys that are claimed for it, as they were written.</summary>
    public ReadOnlySpan<byte> Claims { get; private init; }

    public static MongoDocument Read(ReadOnlySpan<byte> document)
    {
        ReadOnlySpan<byte> id = default,
            json = default,
            keys = default,
            claims = default,
            members = default;
        long ws = 0,
            version = 0,
            order = 0,
            place = 0;
        for (var fields = new BsonReader(document); fields.Next(); )
            if (fields.Name.Length == 1)
                switch (fields.Name[0])
                {
                    case (byte)'w':
                        ws = fields.Long;
                        break;
                    case (byte)'v':
                        version = fields.Long;
                        break;
                    case (byte)'o':
                        order = fields.Long;
                        break;
                    case (byte)'p':
                        place = fields.Long;
                        break;
                    case (byte)'j':
                        json = fields.Bytes;
                        break;
                    case (byte)'m':
                        members = fields.Bytes;
                        break;
                    case (byte)'k':
                        keys = fields.Whole;
                        break;
                    case (byte)'c':
                        claims = fields.Whole;
                        break;
                    default:
                        break;
                }
            else if (fields.Is("_id"u8))
                id = fields.Bytes;
        return new()
        {
            Id = MongoPlan.IdOf(id),
            Workspace = ws,
            Version = version,
            Json = json,
            Order = order,
            PositionAt = (int)place,
            Keys = keys,
            Claims = claims,
            Members = members,
        };
    }

    public List<string> ClaimIds()
    {
        var ids = new List<string>();
        if (!Claims.IsEmpty)
            for (var claims = new BsonReader(Claims); claims.Next(); )
                ids.Add(claims.Text);
        return ids;
    }

    /// <summary>The values of a key.</summary>
    public static List<Key> All(ReadOnlySpan<byte> keys, FieldPlan field)
    {
        var (all, name) = (new List<Key>(), Encoding.UTF8.GetBytes(field.Leaf));
        for (var fields = new BsonReader(keys); fields.Next(); )
            if (fields.Is(name) && fields.Type != BsonType.Array)
                all.Add(fields.Key!.Value);
            else if (fields.Is(name))
                for (var values = fields.Document; values.Next(); )
                    all.Add(values.Key!.Value);
        return all;
    }

    /// <summary>The value of a key that has one; of several the first; null when it is missing.</summary>
    public static Key? Single(ReadOnlySpan<byte> keys, FieldPlan field)
    {
        if (keys.IsEmpty)
            return null;
        Span<byte> name = stackalloc byte[512];
        var length = Encoding.UTF8.GetBytes(field.Leaf, name);
        for (var fields = new BsonReader(keys); fields.Next(); )
            if (fields.Is(name[..length]))
            {
                if (fields.Type != BsonType.Array)
                    return fields.Key;
                var values = fields.Document;
                return values.Next() ? values.Key : null;
            }
        return null;
    }
}
