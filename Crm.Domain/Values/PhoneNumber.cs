// Turns a phone number as people type it into its one E.164 spelling, or says why it is none: libphonenumber with our refusals around it.

using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using PhoneNumbers;
using Parsed = PhoneNumbers.PhoneNumber;

namespace Crm.Domain.Values;

/// <summary>
/// What libphonenumber parses and calls possible (the country exists and the national number has a length that exists there) is
/// accepted, everything else is refused. Not what it calls valid: which ranges are in use changes every month, and metadata that is a
/// year old would refuse a real person's new number. Differences on purpose, each with a test: letters and a second plus, Mexico's old
/// mobile and trunk prefixes, a country code without its plus, Indonesia's 001, and 00 when no default country is known.
/// </summary>
public static partial class PhoneNumber
{
    /// <summary>Characters; nothing longer is looked at.</summary>
    public const int MaxTextLength = 250;

    // A number, the longest label and 20 digits fit well; the library's time for what is no extension grows with the square of it.
    const int MaxExtendedLength = 100;

    const string NoNumber =
        "A phone number is digits with an optional + in front; spaces, dots, hyphens, slashes and brackets may stand between them.";
    const string UnknownCode = "After + (or the international prefix) comes a country code, for example +351 or +1.";
    const string NeedsCountry = "Without a default country, a phone number starts with + and the country code.";
    const string UnknownCountry = "The default country is an ISO 3166 code of two letters, for example PT.";
    const string TooLong = "A phone number is at most 250 characters.";

    // One for the process, safe for all threads; it reads a country's metadata when the country is first met and keeps it.
    static readonly PhoneNumberUtil Library = PhoneNumberUtil.GetInstance();

    // Hyphens and dashes, slashes, dots, white space that shows up in pasted numbers, brackets and tildes.
    static readonly SearchValues<char> Punctuation = SearchValues.Create(
        " -./()[]~\u00A0\u00AD\u2010\u2011\u2012\u2013\u2014\u2015\u200B\u2053\u2060\u2212\u223C\u3000\u30FC\uFF08\uFF09\uFF0D\uFF0E\uFF0F\uFF3B\uFF3D\uFF5E"
    );

    static readonly string[] OldMexicanPrefixes = ["01", "02", "044", "045", "1"];

    /// <param name="text">As typed: "+351 912 345 678", "00351...", "(212) 555-0123 ext. 4".</param>
    /// <param name="defaultCountry">ISO 3166 alpha-2 code of the country a number without country code is in; null or "": not
    /// known.</param>
    /// <param name="e164">"+" and at most 20 digits; "" when refused. An extension is not part of it.</param>
    /// <param name="reason">What would be allowed, one sentence; "" when accepted.</param>
    public static bool TryNormalise(string? text, string? defaultCountry, out string e164, out string reason)
    {
        e164 = "";
        var home = string.IsNullOrEmpty(defaultCountry) ? null : defaultCountry.ToUpperInvariant();
        var code = home is null ? 0 : Library.GetCountryCodeForRegion(home);
        if (home is not null && code == 0)
            return Refuse(UnknownCountry, out reason);
        if (text is { Length: > MaxTextLength })
            return Refuse(TooLong, out reason);
        text = WithoutSpreadsheet(text);
        if (IsNoNumber(text))
            return Refuse(NoNumber, out reason);
        if (!TryReadDigits(text, home, out var digits))
            return Refuse(NoNumber, out reason);

        // 00 is what most of the world dials before a country code; 001 is an Indonesian carrier's, which the library does not know.
        if (home is null && digits.StartsWith("00", StringComparison.Ordinal) && digits[2] != '0')
            digits = string.Concat("+", digits.AsSpan(2));
        else if (home == "ID" && digits.StartsWith("001", StringComparison.Ordinal))
            digits = string.Concat("+", digits.AsSpan(3));
        else if (home is null && digits[0] != '+')
            return Refuse(NeedsCountry, out reason);
        if (digits[0] == '+' && (code = CodeBefore(digits.AsSpan(1))) == 0)
            return Refuse(UnknownCode, out reason);

        Parsed number;
        try
        {
            number = Library.Parse(digits, home);
            if (digits[0] != '+' && number.CountryCode == code)
                number = WithoutCode(number, digits, home!, code);
        }
        catch (NumberParseException problem) when (problem.ErrorType is ErrorType.TOO_SHORT_NSN or ErrorType.TOO_LONG)
        {
            return Refuse(code, digits[0] == '+' ? digits.Length - 1 - DigitsOf(code) : digits.Length, out reason);
        }
        catch (NumberParseException)
        {
            return Refuse(UnknownCode, out reason);
        }

        var national = Library.GetNationalSignificantNumber(number);
        if (number.CountryCode == 52)
            national = WithoutOldMexicanPrefix(national);
        if (!PossibleLengths(number.CountryCode).Contains(national.Length))
            return Refuse(number.CountryCode, national.Length, out reason);
        e164 = string.Create(CultureInfo.InvariantCulture, $"+{number.CountryCode}{national}");
        reason = "";
        return true;
    }

    /// <summary>
    /// The ISO 3166 code of the country that a number's country code stands for; of a code that several share the largest (+1: US). Which
    /// area codes lie where changes with every version of the library, and what was said of a stored number must stay true.
    /// </summary>
    /// <param name="e164">As <see cref="TryNormalise"/> writes it.</param>
    /// <returns>Null without a number, and for codes of no country (+800).</returns>
    public static string? CountryOf(string? e164) =>
        e164 is ['+', ..]
        && CodeBefore(e164.AsSpan(1)) is > 0 and var code
        && Library.GetRegionCodeForCountryCode(code) is { Length: 2 } country
            ? country
            : null;

    /// <summary>A number to show people what one looks like: as they write it at home, or with its country code where home is not
    /// known.</summary>
    /// <param name="defaultCountry">As for <see cref="TryNormalise"/>.</param>
    /// <param name="language">A tag whose region, or whose language, says of which country else.</param>
    public static string Example(string? defaultCountry, string language)
    {
        if (defaultCountry is not null && Written(defaultCountry, PhoneNumberFormat.NATIONAL) is { } atHome)
            return atHome;
        var parts = language.Split('-');
        var country =
            parts[^1].Length == 2 && parts.Length > 1 ? parts[^1]
            : parts[0] is "en" ? "GB"
            : parts[0];
        return Written(country, PhoneNumberFormat.INTERNATIONAL) ?? Written("GB", PhoneNumberFormat.INTERNATIONAL)!;

        static string? Written(string country, PhoneNumberFormat format) =>
            Library.GetExampleNumber(country.ToUpperInvariant()) is { } number ? Library.Format(number, format) : null;
    }

    /// <summary>
    /// Whether it is what people type who do not want to say their number: one digit repeated (11 99999-9999, zeros), or a run up or down
    /// (123 456 789, 98765-4321). Such a number identifies nobody, though it may be somebody's. A real number that ends so keeps what
    /// makes it one: of 91 234 5678 in Portugal only a part is a run.
    /// </summary>
    /// <param name="e164">As <see cref="TryNormalise"/> writes it.</param>
    public static bool IsDummy(string? e164)
    {
        if (e164 is not ['+', ..] || e164.Length < 1 + ShortestRun || StepOf(e164.AsSpan(e164.Length - ShortestRun)) is not { } step)
            return false;
        if (step == 0)
            return true;
        var code = CodeBefore(e164.AsSpan(1));
        var national = e164.AsSpan(1 + DigitsOf(code));
        if (StepOf(national) is not null)
            return true;
        var area = AreaLength(e164, code);
        return area > 0 && national.Length - area >= ShortestRun && StepOf(national[area..]) is not null;
    }

    // Seven digits are a number without its area code in most places.
    const int ShortestRun = 7;

    /// <summary>By how much each digit is above the one before it: 0, 1 or -1 (9 and 0 are neighbours); null when it is no run.</summary>
    static int? StepOf(ReadOnlySpan<char> digits)
    {
        foreach (var step in (ReadOnlySpan<int>)[0, 1, -1])
        {
            var at = 1;
            while (at < digits.Length && digits[at] - '0' == (digits[at - 1] - '0' + step + 10) % 10)
                at++;
            if (at == digits.Length)
                return step;
        }
        return null;
    }

    // The library knows it of numbers that are in use, which dummies mostly are not.
    static int AreaLength(string e164, int code)
    {
        switch (code)
        {
            case 1:
                return 3;
            case 55:
                return 2;
        }
        try
        {
            return Library.GetLengthOfGeographicalAreaCode(Library.Parse(e164, null));
        }
        catch (NumberParseException)
        {
            return 0;
        }
    }

    /// <summary>Without the <c>.0</c> that spreadsheets and number columns put behind one.</summary>
    static string? WithoutSpreadsheet(string? text) =>
        text?.Trim() is { Length: > 4 } number
        && number.EndsWith(".0", StringComparison.Ordinal)
        && number.IndexOf('.') == number.Length - 2
            ? number[..^2]
            : text;

    /// <summary>Digits that are something else: a date, a number whose last digits a spreadsheet has thrown away, zeros. Read as a
    /// number of a phone they would be a stranger's.</summary>
    static bool IsNoNumber(string? text)
    {
        if (text is null)
            return false;
        var span = text.AsSpan().Trim();
        if (Date().IsMatch(span) || Scientific().IsMatch(span))
            return true;
        return span.Contains('0') && !span.ContainsAnyInRange('1', '9') && !span.ContainsAnyExcept(ZerosAndMarks);
    }

    static readonly SearchValues<char> ZerosAndMarks = SearchValues.Create("0+-()./ ");

    [GeneratedRegex(@"^(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?:[T ]\d{1,2}:\d\d.*)?$")]
    private static partial Regex Date();

    [GeneratedRegex(@"^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$")]
    private static partial Regex Scientific();

    static bool Refuse(string why, out string reason)
    {
        reason = why;
        return false;
    }

    static bool Refuse(int code, int length, out string reason)
    {
        var allowed = string.Join(", ", PossibleLengths(code));
        reason = $"A number in +{code} has {allowed} digits after the country code; this one has {length}.";
        return false;
    }

    /// <summary>
    /// A plus, if there is one, and ASCII digits. What stands before the first digit or plus and after the last digit is not looked at
    /// ("Tel. 21 123 45 67 (home)"). The library would turn letters in between into digits (1-800-FLOWERS) or leave them out, and a second
    /// plus too: here only what it takes for an extension may follow them.
    /// </summary>
    static bool TryReadDigits(string? text, string? home, out string digits)
    {
        digits = "";
        var start = 0;
        var end = text?.Length ?? 0;
        while (start < end && !IsPlus(text![start]) && !char.IsDigit(text[start]))
            start++;
        while (end > start && text![end - 1] != '#' && !char.IsDigit(text[end - 1]))
            end--;
        var number = text.AsSpan(start, end - start);
        if (number.IndexOf(";isub=") is var sub and > 0)
            number = number[..sub];

        Span<char> read = stackalloc char[MaxTextLength];
        var (length, clean, tilde) = (0, -1, false);
        for (var i = 0; i < number.Length; i++)
        {
            if (char.IsDigit(number[i]))
                read[length++] = (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(number[i]));
            else if (i == 0 && IsPlus(number[0]))
                read[length++] = '+';
            else if (clean < 0 && !Punctuation.Contains(number[i]))
                clean = length;
            tilde |= number[i] is '~' or '～';
        }
        if (clean >= 0 || tilde)
        {
            if (number.Length > MaxExtendedLength)
                return false;
            var extension = ExtensionLength(number.ToString(), home);
            length -= extension;
            if (clean >= 0 && (extension == 0 || clean < length))
                return false;
        }
        digits = read[..length].ToString();
        return length >= (digits.StartsWith('+') ? 4 : 3);
    }

    static int ExtensionLength(string number, string? home)
    {
        try
        {
            return Library.Parse(number, home ?? "ZZ").Extension.Length;
        }
        catch (NumberParseException)
        {
            return 0;
        }
    }

    static bool IsPlus(char c) => c is '+' or '＋';

    /// <summary>
    /// The number behind the country code where the code was typed without its plus and the library left it in ("82 2 212 3456" in Korea).
    /// A number that is complete as it stands stays: a mobile, and any valid one where numbers have no trunk prefix. Where they have one,
    /// nobody who writes a landline without it means an area code that is the country code by chance.
    /// </summary>
    static Parsed WithoutCode(Parsed number, string digits, string home, int code)
    {
        if (CodeBefore(digits) != code || digits.Length < DigitsOf(code) + 4)
            return number;
        var type = Library.GetNumberType(number);
        if (type == PhoneNumberType.MOBILE)
            return number;
        if (type != PhoneNumberType.UNKNOWN && string.IsNullOrEmpty(Library.GetNddPrefixForRegion(home, true)))
            return number;
        var behind = Library.Parse("+" + digits, home);
        return Library.IsValidNumber(behind) ? behind : number;
    }

    // Mexico dropped its trunk prefixes and the 1 of mobiles in 2019; address books have not.
    static string WithoutOldMexicanPrefix(string national)
    {
        foreach (var prefix in OldMexicanPrefixes)
            if (national.Length == 10 + prefix.Length && national.StartsWith(prefix, StringComparison.Ordinal))
                return national[prefix.Length..];
        return national;
    }

    // No code is the start of another, and none starts with 0: the first that exists is the one. 0 when there is none.
    static int CodeBefore(ReadOnlySpan<char> digits)
    {
        var code = 0;
        for (var i = 0; i < digits.Length && i < 3 && digits[0] != '0'; i++)
        {
            code = code * 10 + digits[i] - '0';
            if (Library.GetRegionCodeForCountryCode(code) != "ZZ")
                return code;
        }
        return 0;
    }

    static int DigitsOf(int code) =>
        code switch
        {
            < 10 => 1,
            < 100 => 2,
            _ => 3,
        };

    // Of the main country of a code that several share, as the library has it for numbers written with the code.
    static IList<int> PossibleLengths(int code)
    {
        var region = Library.GetRegionCodeForCountryCode(code);
        var plan =
            region == PhoneNumberUtil.REGION_CODE_FOR_NON_GEO_ENTITY
                ? Library.GetMetadataForNonGeographicalRegion(code)
                : Library.GetMetadataForRegion(region);
        return plan.GeneralDesc.PossibleLengthList;
    }
}
