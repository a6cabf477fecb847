// Who is erased, as stored bytes may name them: ids of their records, and their addresses in whatever writing.

using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Values;

namespace Crm.Domain.Erasures;

/// <param name="Ids">Of leads, customers and visitors: a record that names one is looked at.</param>
/// <param name="Own">Of records that are the person's and do not say so, such as clicks.</param>
/// <param name="Addresses">E-mail addresses, and numbers that nobody else has.</param>
/// <param name="Others">What other systems call them: too short to be looked for anywhere but in their own records.</param>
public sealed record SoughtPerson(
    IReadOnlySet<string> Ids,
    IReadOnlySet<string> Own,
    IReadOnlyList<string> Addresses,
    IReadOnlyList<string> Others
)
{
    /// <summary>Longer texts are free words, in which digits of all kinds stand together.</summary>
    const int LongestNumber = 64;

    readonly string[] numbers = [.. Addresses.Where(one => one.StartsWith('+')).Select(one => one[1..])];
    readonly Lazy<Regex[]> escaped = new(() => [.. Addresses.Where(one => !one.StartsWith('+')).Select(Mention.Escaped)]);

    /// <summary>With what stands in a record and is an address of the person by its seal alone.</summary>
    public SoughtPerson With(IEnumerable<string> addresses) => new(Ids, Own, [.. Addresses.Union(addresses)], Others);

    /// <summary>Whether a stored record refers to one of the person's.</summary>
    public bool IsReferredTo(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        // A list of ids names others beside whose record it is: an entry's candidates.
        return StoredTexts.Of(document.RootElement).Any(one => !one.IsListed && Ids.Contains(one.Text));
    }

    /// <summary>Whether a stored record names an address of the person anywhere: also in text that holds JSON, base64 or an address of a
    /// page, and in names of members.</summary>
    public bool IsNamed(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return StoredTexts.Of(document.RootElement).Any(one => IsNamedIn(one.Text));
    }

    internal bool IsNamedIn(string text)
    {
        foreach (var address in Addresses)
            if (Mention.OfAddress(text, address))
                return true;
        if (Mention.MayBeEscaped(text) && escaped.Value.Any(pattern => pattern.IsMatch(text)))
            return true;
        return text.Length <= LongestNumber && numbers.Any(number => Mention.OfNumber(text, number));
    }

    /// <summary>The text without the person's addresses.</summary>
    internal string Cut(string text)
    {
        foreach (var pattern in escaped.Value)
            text = pattern.Replace(text, Mention.Erased);
        if (text.Length <= LongestNumber)
            foreach (var number in numbers)
                text = Mention.WithoutNumber(text, number);
        return text;
    }

    /// <summary>Whether an address of the person is a value of its own in a stored record, and no part of other words.</summary>
    public bool IsValueOf(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return StoredTexts.Of(document.RootElement).Any(one => IsAddress(one.Text.Trim()));
    }

    /// <summary>Whether a stored record gives an address of somebody else as a value of its own.</summary>
    public bool IsBesideAnother(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return StoredTexts
            .Of(document.RootElement)
            .Any(one => EmailAddress.TryNormalise(one.Text.Trim(), out _, out var canonical, out _) && !IsAddress(canonical));
    }

    bool IsAddress(string text) =>
        Addresses.Contains(text, StringComparer.OrdinalIgnoreCase)
        || text.Length <= LongestNumber
            && !text.Any(char.IsLetter)
            && Mention.Numbers(text).ToList() is [var (digits, _, _)]
            && numbers.Contains(digits);

    /// <summary>Addresses in a stored record that a seal knows.</summary>
    public static IReadOnlyList<string> Known(ReadOnlyMemory<byte> json, Func<string, string, bool> isSealed)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        using var document = JsonDocument.Parse(json);
        foreach (var (text, _) in StoredTexts.Of(document.RootElement))
        {
            foreach (var address in Mention.Addresses(text))
                if (isSealed(SuppressPerson.Email, address))
                    known.UnionWith([address, EmailAddress.Canonical(address)]);
            if (text.Length <= LongestNumber)
                foreach (var (digits, _, _) in Mention.Numbers(text))
                    if (digits.Length is >= 7 and <= 15 && isSealed(SuppressPerson.Phone, "+" + digits))
                        known.Add("+" + digits);
        }
        return [.. known];
    }

    // ---- As it is stored while the erasure runs

    public JsonData ToJson()
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(json))
        {
            writer.WriteStartObject();
            foreach (
                var (name, those) in new (string, IEnumerable<string>)[]
                {
                    ("ids", Ids),
                    ("own", Own),
                    ("addresses", Addresses),
                    ("others", Others),
                }
            )
            {
                writer.WriteStartArray(name);
                foreach (var one in those)
                    writer.WriteStringValue(one);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        return new(json.WrittenSpan.ToArray());
    }

    public static SoughtPerson Read(JsonData json)
    {
        using var document = json.Parse();
        return new(All("ids").ToHashSet(), All("own").ToHashSet(), [.. All("addresses")], [.. All("others")]);

        IEnumerable<string> All(string name) =>
            [.. document.RootElement.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];
    }
}
