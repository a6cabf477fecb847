// How a key is reached from a record, and what of it is found, claimed and searched.

using Crm.Domain.Stores;
using Crm.Domain.Values;

namespace Crm.Domain.Resources;

/// <summary>How a key is reached from the record: through objects and lists of objects.</summary>
/// <param name="Shares">The field beside a unique one that says whether others have the value too.</param>
sealed record KeyPath(IReadOnlyList<Field> Path, Field Field, KeyField Key, Field? Shares)
{
    public WordClasses Class { get; } = ClassOf(Path, Field);

    /// <summary>Whether its words are found by <c>q=</c> though it lies inside an object or a list.</summary>
    public bool IsSearchedInside => Field.IsSearchable && Path.Count > 0;

    /// <summary>How a person is reached is personal and an address of some kind; a name is personal and open.</summary>
    public static WordClasses ClassOf(IReadOnlyList<Field> path, Field field) =>
        field.IsSensitive || path.Any(outer => outer.IsSensitive) ? WordClasses.Sensitive
        : field.IsPersonal
        && (field.Kind is TextValue { IsAddress: true } || path.Any(outer => outer.Kind is ObjectValue && outer.IsPersonal))
            ? WordClasses.Contact
        : WordClasses.Open;

    /// <summary>The key's values, each with whether the record leaves it to others.</summary>
    public IEnumerable<(Key Key, bool Shared)> Values(object owner, int depth = 0)
    {
        if (depth == Path.Count)
            return Field.Get(owner) is not { } value ? []
                : value is not string && value is System.Collections.IEnumerable many
                    ? many.Cast<object>().Select(one => (Field.Kind.ToKey(one, Field), false))
                : [(Field.Kind.ToKey(value, Field), Shares is not null && (Shares.Get(owner) is true || Field.Kind.IsNobodys(value)))];
        return Path[depth].Get(owner) switch
        {
            null => [],
            System.Collections.IEnumerable many => many.Cast<object>().SelectMany(one => Values(one, depth + 1)),
            var one => Values(one, depth + 1),
        };
    }

    public void AddTo(List<(string, Key)> found, object record)
    {
        if (Path.Count == 0 && !Key.Many)
        {
            if (Field.Get(record) is { } value)
                found.Add((Key.Name, Field.Kind.ToKey(value, Field)));
        }
        else
            AddMany(found, record);
    }

    void AddMany(List<(string, Key)> found, object record) =>
        Walk(record, 0, value => found.Add((Key.Name, Field.Kind.ToKey(value, Field))), found, Key.Name);

    public void AddWords(ISet<string> words, object record) =>
        Walk(
            record,
            0,
            value =>
            {
                TextRules.AddWords(value.ToString()!, words);
                if (Field.Kind is TextValue { IsPhone: true })
                    words.Add(PhoneWords.Backwards(PhoneWords.DigitsOf((string)value)));
            },
            null,
            Key.Name
        );

    /// <summary>Says what its words are: whatever of this changes, stored rows get them anew.</summary>
    public string WordsFrom => $"{Key.Name} {Class}{(Field.Kind is TextValue { IsPhone: true } ? " from both ends" : "")}";

    void Walk(object owner, int depth, Action<object> add, List<(string, Key)>? found, string name)
    {
        var field = depth < Path.Count ? Path[depth] : Field;
        var value = field.Get(owner);
        if (value is null)
            return;
        if (value is string || value is not System.Collections.IEnumerable many)
            Next(value);
        else
            foreach (var one in many)
                Next(one);

        void Next(object one)
        {
            if (depth < Path.Count)
                Walk(one, depth + 1, add, found, name);
            else if (!Key.Many || found is null || !found.Contains((name, Field.Kind.ToKey(one, Field))))
                add(one);
        }
    }
}
