// Turns a phone number as people type it into its one E.164 spelling, or says why it cannot be one.

namespace Crm.Domain.People;

/// <summary>
/// The measure is npm's libphonenumber-js with its "max" metadata: what it parses (default options) and calls possible
/// (<c>isPossible()</c>: the country exists and the national number has a length that exists there) is accepted with the same
/// E.164 value, everything else is refused. Not <c>isValid()</c>: which ranges are in use changes every month, and a table
/// that is a year old would refuse a real person's new number. Differences on purpose, each with a test: Mexico's old mobile and
/// trunk prefixes, a German number without its plus, a full-width plus, Indonesia's 001, and 00 when no default country is known.
/// </summary>
public static class PhoneNumber
{
    /// <summary>Characters; nothing longer is looked at.</summary>
    public const int MaxTextLength = 250;

    const string NoNumber =
        "A phone number is digits with an optional + in front; spaces, dots, hyphens, slashes and brackets may stand between them.";
    const string UnknownCode = "After + (or the international prefix) comes a country code, for example +351 or +1.";
    const string NeedsCountry = "Without a default country, a phone number starts with + and the country code.";
    const string UnknownCountry = "The default country is an ISO 3166 code of two letters, for example PT.";
    const string TooLong = "A phone number is at most 250 characters.";

    /// <param name="text">As typed: "+351 912 345 678", "00351...", "(212) 555-0123 ext. 4".</param>
    /// <param name="defaultCountry">ISO 3166 alpha-2 code of the country a number without country code is in; null or "" when it is not known.</param>
    /// <param name="e164">"+" and at most 17 digits; "" when refused. An extension is not part of it.</param>
    /// <param name="reason">What would be allowed, one sentence; "" when accepted.</param>
    public static bool TryNormalise(string? text, string? defaultCountry, out string e164, out string reason)
    {
        e164 = "";
        PhoneCountry? home = null;
        if (!string.IsNullOrEmpty(defaultCountry) && (home = PhoneCountries.Find(defaultCountry)) is null)
            return Refuse(UnknownCountry, out reason);
        if (text is { Length: > MaxTextLength })
            return Refuse(TooLong, out reason);

        Span<char> buffer = stackalloc char[MaxTextLength];
        if (!PhoneText.TryRead(text, buffer, out var length, out var plus))
            return Refuse(NoNumber, out reason);
        ReadOnlySpan<char> digits = buffer[..length];

        PhoneCountry? country;
        if (plus)
        {
            country = PhoneCountries.StartOf(digits);
            if (country is null)
                return Refuse(UnknownCode, out reason);
            digits = digits[country.Code.Length..];
        }
        else if (AfterInternationalPrefix(digits, home) is var prefix and > 0)
        {
            country = PhoneCountries.StartOf(digits[prefix..]);
            if (country is null)
                return Refuse(UnknownCode, out reason);
            digits = digits[(prefix + country.Code.Length)..];
        }
        else if (home is null)
        {
            return Refuse(NeedsCountry, out reason);
        }
        else
        {
            country = home;
            if (HasCodeWithoutPlus(digits, home))
                digits = digits[home.Code.Length..];
        }

        Span<char> rewritten = stackalloc char[MaxTextLength + 4];
        var national = WithoutTrunk(digits, country, rewritten);
        if (!country.IsPossible(national.Length))
            return Refuse(country, national.Length, out reason);
        e164 = string.Concat("+", country.Code, national);
        reason = "";
        return true;
    }

    static bool Refuse(string why, out string reason)
    {
        reason = why;
        return false;
    }

    static bool Refuse(PhoneCountry country, int length, out string reason)
    {
        var allowed = string.Join(", ", Enumerable.Range(2, 16).Where(country.IsPossible));
        reason = $"A number in +{country.Code} has {allowed} digits after the country code; this one has {length}.";
        return false;
    }

    // The prefix only counts when a country code can follow: those never start with 0. Without a default country "00" is
    // taken, as most of the world dials it.
    static int AfterInternationalPrefix(ReadOnlySpan<char> digits, PhoneCountry? home)
    {
        var length = home is null ? (digits.StartsWith("00") ? 2 : 0) : home.International.Match(digits);
        return length > 0 && length < digits.Length && digits[length] != '0' ? length : 0;
    }

    // "44 20 7946 0958" typed in Britain: the digits make no sense as a national number and do without the country code.
    static bool HasCodeWithoutPlus(ReadOnlySpan<char> digits, PhoneCountry home)
    {
        if (!digits.StartsWith(home.Code))
            return false;
        Span<char> rewritten = stackalloc char[MaxTextLength + 4];
        var whole = WithoutTrunk(digits, home, rewritten);
        if (whole.Length > home.Longest)
            return true;
        if (home.LooksNational(whole))
            return false;
        return home.LooksNational(WithoutTrunk(digits[home.Code.Length..], home, rewritten));
    }

    /// <summary>The national number without the trunk prefix; "+44 (0)20..." is forgiven, so this applies to international spellings too.</summary>
    static ReadOnlySpan<char> WithoutTrunk(ReadOnlySpan<char> digits, PhoneCountry country, Span<char> rewritten)
    {
        var stripped = country.Code switch
        {
            "54" => ArgentineMobile(digits, rewritten),
            "55" => WithoutBrazilianCarrier(digits),
            _ => digits[country.Trunk.Match(digits)..],
        };
        if (country.LocalArea is { Length: > 0 } area && digits.Length == country.Longest - area.Length && digits[0] > '2')
        {
            area.CopyTo(rewritten);
            digits.CopyTo(rewritten[area.Length..]);
            return rewritten[..country.Longest];
        }
        if (country.LooksNational(digits) && !country.LooksNational(stripped))
            return digits;
        return country.IsPossible(stripped.Length) || stripped.Length > country.Longest ? stripped : digits;
    }

    // A carrier is chosen with two digits between the 0 and the area code: 0 15 11 91234-5678. What remains is an area code and a number.
    static ReadOnlySpan<char> WithoutBrazilianCarrier(ReadOnlySpan<char> digits)
    {
        if (digits is not ['0', ..])
            return digits;
        return
            digits.Length is 13 or 14
            && digits[1..3] is "12" or "14" or "15" or "21" or "23" or "25" or "31" or "41" or "43" or "55" or "65" or "99"
            ? digits[3..]
            : digits[1..];
    }

    // At home a mobile is 0 + area + 15 + number, from abroad 9 + area + number; area and number together are ten digits.
    static ReadOnlySpan<char> ArgentineMobile(ReadOnlySpan<char> digits, Span<char> rewritten)
    {
        var rest = digits is ['0', ..] ? digits[1..] : digits;
        if (rest.Length != 12)
            return rest;
        var area =
            rest is ['1', '1', ..] ? 2
            : rest[0] is not ('2' or '3') ? 0
            : IsThreeDigitArea(rest) ? 3
            : 4;
        if (area == 0)
            return rest;
        if (rest[area] != '1' || rest[area + 1] != '5')
            return rest;
        rewritten[0] = '9';
        rest[..area].CopyTo(rewritten[1..]);
        rest[(area + 2)..].CopyTo(rewritten[(area + 1)..]);
        return rewritten[..11];
    }

    // Area codes of the larger towns; all others have four digits.
    static bool IsThreeDigitArea(ReadOnlySpan<char> digits) =>
        int.Parse(digits[..3])
            is 220
                or 221
                or 223
                or 230
                or 236
                or 237
                or 249
                or 260
                or 261
                or 263
                or 264
                or 266
                or 280
                or 291
                or 294
                or 297
                or 298
                or 299
                or 336
                or 341
                or 342
                or 343
                or 345
                or 348
                or 351
                or 353
                or 358
                or 362
                or 364
                or 370
                or 376
                or 379
                or 380
                or 381
                or 383
                or 385
                or 387
                or 388;
}
