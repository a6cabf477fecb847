// What a lead is without a merge: the part of unmerge that decides what the merge gave and what the lead has of its own.

using System.Buffers;
using System.Collections;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Crm.Domain.People;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Leads;

static class WithoutMerge
{
    /// <summary>
    /// A value that is still the merge's becomes the one before it, a list loses what the merge added and gets back what it took, a number
    /// loses what it gained. What was changed since stays.
    /// </summary>
    /// <param name="before">The lead right before the merge.</param>
    /// <param name="after">The lead right after it.</param>
    public static Lead Of(Lead now, Lead before, Lead after)
    {
        var type = ResourceType.Of<Lead>();
        var result = (Lead)type.Copy(now);
        foreach (var field in type.Fields.Where(f => f.Stored))
            field.Set(result, Value(field, field.Get(now), field.Get(before), field.Get(after)));
        var custom = now.Custom;
        foreach (var (name, given) in after.Custom)
        {
            var (current, old) = (now.Custom.GetValueOrDefault(name), before.Custom.GetValueOrDefault(name));
            if (RecordChange.ValuesEqual(current, given))
                custom = old is null ? custom.Remove(name) : custom.SetItem(name, old);
            else if (current is ImmutableArray<string> words && given is ImmutableArray<string> givenWords)
                custom = custom.SetItem(name, words.RemoveRange(givenWords.Except(old is ImmutableArray<string> oldWords ? oldWords : [])));
        }
        return (Lead)(result with { Custom = custom, Provenance = LatestOnly(result.Provenance) }).Tidy();
    }

    static object? Value(Field field, object? now, object? before, object? after)
    {
        if (Same(field, now, after))
            return before;
        switch (field.Kind)
        {
            case ListValue list:
                return list.Shaped(Items(field, (IEnumerable)now!, (IEnumerable)before!, (IEnumerable)after!));
            case IntegerValue when now is long n && before is long b && after is long a:
                return n - (a - b);
            // An address is made of values of their own; a touch is one fact and stays whole.
            case ObjectValue each when !field.IsReadOnly && now is not null && after is not null:
                var copy = each.Type.Copy(now);
                foreach (var inner in each.Type.Fields.Where(f => f.Stored))
                    inner.Set(copy, Value(inner, inner.Get(now), before is null ? null : inner.Get(before), inner.Get(after)));
                return copy;
            default:
                return now;
        }
    }

    static List<object> Items(Field field, IEnumerable now, IEnumerable before, IEnumerable after)
    {
        var had = before.Cast<object>().Select(v => Identity(field, v)).ToHashSet();
        var got = after.Cast<object>().Select(v => Identity(field, v)).ToHashSet();
        var items = now.Cast<object>().Where(v => Identity(field, v) is var it && (had.Contains(it) || !got.Contains(it))).ToList();
        var there = items.Select(v => Identity(field, v)).ToHashSet();
        return [.. before.Cast<object>().Where(v => Identity(field, v) is var it && !got.Contains(it) && !there.Contains(it)), .. items];
    }

    /// <summary>What makes an entry the same one: an address stays the same when another becomes primary.</summary>
    static string Identity(Field field, object item) =>
        item switch
        {
            EmailEntry email => EmailAddress.Canonical(email.Address!),
            PhoneEntry phone => phone.Number!,
            _ => Json(((ListValue)field.Kind).Item, field, item),
        };

    /// <summary>By what is stored: records with lists in them are not equal to their own copies.</summary>
    static bool Same(Field field, object? one, object? other) =>
        one is null || other is null ? one is null && other is null : Json(field.Kind, field, one) == Json(field.Kind, field, other);

    static string Json(FieldKind kind, Field field, object value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(buffer))
            kind.Write(writer, value, field);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Each path in its latest note only, as <see cref="ApplyValues.WithProvenance"/> keeps them.</summary>
    static ImmutableArray<Provenance> LatestOnly(ImmutableArray<Provenance> notes)
    {
        var seen = new HashSet<string>();
        var kept = new List<Provenance>();
        foreach (var note in notes.Reverse())
        {
            var fields = note.Fields.Where(f => !seen.Contains(f)).ToImmutableArray();
            seen.UnionWith(fields);
            if (fields.Length > 0)
                kept.Add(note with { Fields = fields });
        }
        kept.Reverse();
        return [.. kept];
    }
}
