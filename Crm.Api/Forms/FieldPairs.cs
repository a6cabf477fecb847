// Lists of pairs, as form libraries serialise them: {"fields":[{"name":"email","value":"ana@example.org"}]}.

namespace Crm.Api.Forms;

static class FieldPairs
{
    /// <summary>What the member with the field's name is called, in the order in which it is looked for.</summary>
    static readonly string[] NameMembers = ["name", "key", "field", "id", "label"];

    /// <summary>Makes a field of each pair <c>….0.name</c> and <c>….0.value</c>; what else stands beside them stays.</summary>
    /// <param name="isList">Whether the whole body is a list, whose first entry has no prefix.</param>
    public static void Flatten(FieldCollector fields, bool isList)
    {
        List<(string At, string Value)>? pairs = null;
        foreach (var field in fields.Fields)
            if (field.Name.EndsWith(".value", StringComparison.Ordinal) && HasIndexBefore(field.Name))
                (pairs ??= []).Add((field.Name[..^"value".Length], field.Name));
            else if (isList && field.Name == "value")
                (pairs ??= []).Add(("", "value"));
        if (pairs is null)
            return;
        foreach (var (at, value) in pairs)
        {
            var named = NameMembers
                .Select(member => fields.Fields.FirstOrDefault(f => f.Name == at + member))
                .FirstOrDefault(f => f.Values is [{ Length: > 0 }]);
            if (named.Name is null)
                continue;
            var values = fields.Fields.First(f => f.Name == value).Values;
            fields.Remove(value);
            fields.Remove(named.Name);
            foreach (var one in values)
                fields.Add(fields.CutName(BracketFree(named.Values[0])), one);
        }
    }

    static ReadOnlySpan<char> BracketFree(string name)
    {
        var text = FieldCollector.Clean(name.ToCharArray());
        return text[..BracketName.Resolve(text, out _)];
    }

    static bool HasIndexBefore(string name)
    {
        var path = name.AsSpan()[..^".value".Length];
        var index = path[(path.LastIndexOf('.') + 1)..];
        return index.Length > 0 && !index.ContainsAnyExceptInRange('0', '9');
    }
}
