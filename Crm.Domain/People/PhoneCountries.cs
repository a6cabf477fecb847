// The numbering plans of the world in one short table: country code, international and trunk prefix, lengths of a number.

using System.Collections.Frozen;

namespace Crm.Domain.People;

/// <summary>A row of prefixes: each is a list of digit sets, and a number starts with the prefix when its first digits are in the sets.</summary>
sealed class DigitPrefixes
{
    readonly ushort[][] prefixes;

    DigitPrefixes(ushort[][] prefixes) => this.prefixes = prefixes;

    /// <summary>Reads "00|8[2-4]#": alternatives in the order they are tried, <c>#</c> any digit, <c>[2-4]</c> one of these; "-" is none.</summary>
    public static DigitPrefixes Parse(string text) => new(text == "-" ? [] : [.. text.Split('|').Select(ParseOne)]);

    /// <summary>How many digits the first alternative that fits takes; 0 when none fits.</summary>
    public int Match(ReadOnlySpan<char> digits)
    {
        foreach (var prefix in prefixes)
        {
            if (prefix.Length > digits.Length)
                continue;
            var i = 0;
            while (i < prefix.Length && (prefix[i] >> (digits[i] - '0') & 1) != 0)
                i++;
            if (i == prefix.Length)
                return i;
        }
        return 0;
    }

    static ushort[] ParseOne(string text)
    {
        var sets = new List<ushort>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '[')
            {
                sets.Add((ushort)(text[i] == '#' ? 0x3FF : 1 << (text[i] - '0')));
                continue;
            }
            var set = 0;
            for (i++; text[i] != ']'; i++)
            {
                var last = text[i + 1] == '-' ? text[i + 2] : text[i];
                for (var digit = text[i]; digit <= last; digit++)
                    set |= 1 << (digit - '0');
                if (text[i + 1] == '-')
                    i += 2;
            }
            sets.Add((ushort)set);
        }
        return [.. sets];
    }
}

/// <summary>What one country's numbers look like.</summary>
/// <param name="Iso">ISO 3166 alpha-2 code, or "001" for a code that belongs to no country.</param>
/// <param name="Code">Country code, 1 to 3 digits.</param>
/// <param name="International">What is dialled there before a country code.</param>
/// <param name="Trunk">What is dialled there before a national number.</param>
/// <param name="Lengths">Bit n is set when a national number (without trunk prefix) may have n digits.</param>
/// <param name="Usual">Where the lengths alone leave doubt: what ordinary numbers start with and how long they are then. Empty: any possible length, and no trunk prefix in front.</param>
/// <param name="LocalArea">The area code of numbers that are written without one, where a country has only one; otherwise empty.</param>
sealed record PhoneCountry(
    string Iso,
    string Code,
    DigitPrefixes International,
    DigitPrefixes Trunk,
    uint Lengths,
    (DigitPrefixes Starts, uint Lengths)[] Usual,
    string LocalArea
)
{
    /// <summary>Whether numbers of that many digits exist in the country.</summary>
    public bool IsPossible(int length) => Has(Lengths, length);

    public int Longest { get; } = 31 - System.Numerics.BitOperations.LeadingZeroCount(Lengths);

    /// <summary>Whether the digits look like an ordinary number, neither a trunk prefix nor a country code in front of them.</summary>
    public bool LooksNational(ReadOnlySpan<char> digits)
    {
        if (Usual.Length == 0)
            return IsPossible(digits.Length) && Trunk.Match(digits) == 0;
        foreach (var (starts, lengths) in Usual)
            if (Has(lengths, digits.Length) && starts.Match(digits) > 0)
                return true;
        return false;
    }

    static bool Has(uint lengths, int length) => length < 32 && (lengths >> length & 1) != 0;
}

static class PhoneCountries
{
    // Columns: ISO code, country code, international prefix, trunk prefix, lengths; then, where they matter, usual= (what ordinary
    // numbers start with and their lengths; without a start, any digit but 0) and area= (the country's only area code).
    // Where countries share a code, the first is the one whose lengths count for a number written with the code.
    // The lengths are those of ITU-T E.164 and the plans that administrations publish, short service numbers included
    // (Brazil's 4004 xxxx, Australia's 13 xx xx, Germany's four-digit oldest numbers).
    const string Table = """
        US 1 011 1 10
        CA 1 011 1 7,10 usual=10
        AG 1 011 1 10 area=268
        AI 1 011 1 10 area=264
        AS 1 011 1 10 area=684
        BB 1 011 1 10 area=246
        BM 1 011 1 10 area=441
        BS 1 011 1 10 area=242
        DM 1 011 1 10 area=767
        DO 1 011 1 10
        GD 1 011 1 10 area=473
        GU 1 011 1 10 area=671
        JM 1 011 1 10
        KN 1 011 1 10 area=869
        KY 1 011 1 10 area=345
        LC 1 011 1 10 area=758
        MP 1 011 1 10 area=670
        MS 1 011 1 10 area=664
        PR 1 011 1 10
        SX 1 011 1 10 area=721
        TC 1 011 1 10 area=649
        TT 1 011 1 10 area=868
        VC 1 011 1 10 area=784
        VG 1 011 1 10 area=284
        VI 1 011 1 10 area=340
        EG 20 00 0 8-10 usual=1:10;[2-9]:8-9
        SS 211 00 0 9
        MA 212 00 0 9
        EH 212 00 0 9
        DZ 213 00 0 8-9
        TN 216 00 - 8
        LY 218 00 0 9
        GM 220 00 - 7,9
        SN 221 00 - 9
        MR 222 00 - 8
        ML 223 00 - 8
        GN 224 00 - 8-9
        CI 225 00 - 10
        BF 226 00 - 8
        NE 227 00 - 8
        TG 228 00 - 8
        BJ 229 00 - 10
        MU 230 00|020 - 7-8,10
        LR 231 00 0 7-9
        SL 232 00 0 8
        GH 233 00 0 8-9
        NG 234 009 0 10-14 usual=10;[78]00:11-14
        TD 235 00|16 - 8
        CF 236 00 - 8
        CM 237 00 - 8-9
        CV 238 0 - 7
        ST 239 00 - 7
        GQ 240 00 - 9
        GA 241 00 0 7-8
        CG 242 00 - 9
        CD 243 00 0 7-10
        AO 244 00 - 9
        GW 245 00 - 7,9
        IO 246 00 - 7
        AC 247 00 - 5-6
        SC 248 00|01[0-2] - 7
        SD 249 00 0 9
        RW 250 00 0 8-9
        ET 251 00 0 9
        SO 252 00 0 6-9
        DJ 253 00 - 8
        KE 254 000 0 7-10
        TZ 255 00[056] 0 9
        UG 256 00[057] 0 9
        BI 257 00 - 8
        MZ 258 00 - 8-9
        ZM 260 00 0 9
        MG 261 00 0 7,9 area=20
        RE 262 00 0 9
        YT 262 00 0 9
        ZW 263 00 0 7,9-10
        NA 264 00 0 8-9
        MW 265 00 0 7,9
        LS 266 00 - 8
        BW 267 00 - 7-8,10
        SZ 268 00 - 8-9
        KM 269 00 - 7
        ZA 27 00 0 5-10
        SH 290 00 - 4-5
        TA 290 00 - 4
        ER 291 00 0 7
        AW 297 00 - 7
        FO 298 00 - 6
        GL 299 00 - 6
        GR 30 00 - 10-12 usual=10
        NL 31 00 0 5-11 usual=9;[89]00:7-10
        BE 32 00 0 8-9
        FR 33 00 0 9
        ES 34 00 - 9
        GI 350 00 - 8
        PT 351 00 - 9
        LU 352 00 - 4-11 usual=[2-9]:4-9
        IE 353 00 0 7-10
        IS 354 00 - 7,9
        AL 355 00 0 6-9
        MT 356 00 - 8
        CY 357 00 - 8
        FI 358 00|99# 0 5-12 usual=5-10
        AX 358 00|99# 0 5-12 usual=5-10
        BG 359 00 0 6-9,12 usual=[2-9]:7-9
        HU 36 00 06 8-9
        LT 370 00 0|8 8
        LV 371 00 - 8
        EE 372 00 - 7-8,10
        MD 373 00 0 8
        AM 374 00 0 8
        BY 375 810 80|8|0 6-11 usual=[1-49]:9;8:6-11
        AD 376 00 - 6,8-9
        MC 377 00 0 8-9
        SM 378 00 - 6,8,10 area=0549
        UA 380 00 0 9-10
        RS 381 00 0 6-12 usual=6:8-10;[1-37]:6-9
        ME 382 00 0 8-9
        XK 383 00 0 8-12
        HR 385 00 0 7-9
        SI 386 00 0 5-8
        BA 387 00 0 8-9
        MK 389 00 0 8
        IT 39 00 - 6-12 usual=0:6-11;3:9-10;[18]:6-10
        VA 39 00 - 6-12
        RO 40 00 0 6,9
        CH 41 00 0 9,12
        CZ 420 00 - 9-12 usual=9
        SK 421 00 0 6-7,9
        LI 423 00 0 7,9
        AT 43 00 0 4-13 usual=[1-35-9]|4[278]|435:4-13
        GB 44 00 0 7,9-10
        GG 44 00 0 7,9-10
        IM 44 00 0 10
        JE 44 00 0 10
        DK 45 00 - 8
        SE 46 00 0 6-10,12 usual=7-9;[279]:10
        NO 47 00 - 5,8
        SJ 47 00 - 5,8
        PL 48 00 - 6-10
        DE 49 00 0 4-15 usual=[235-9]|4[0-8]|49[0125]|493[1-9]|494[1-8]|496[1-8]|497[1-7]:5-11;1:7-12
        FK 500 00 - 5
        BZ 501 00 - 7,11
        GT 502 00 - 8,11
        SV 503 00 - 7-8,11
        HN 504 00 - 8,11
        NI 505 00 - 8
        CR 506 00 - 8,10
        PA 507 00 - 7-8,10-11
        PM 508 00 0 6,9
        HT 509 00 - 8
        PE 51 00 0 8-9
        MX 52 00|09 01|02|044|045|1 10
        CU 53 119 0 6-8,10
        AR 54 00 0 10-11
        BR 55 00[1-9][1-9]|0010# 0 8-11
        CL 56 1##0|1#[1-9]#0 - 9-11 usual=[2-9]:9;[168]00:9-11
        CO 57 00[579]|004[14]4|00456 0[3579]|04[14]4|0456|0 8,10-11
        VE 58 00 0 10
        GP 590 00 0 9
        BL 590 00 0 9
        MF 590 00 0 9
        BO 591 00 0 8-9
        GY 592 001 - 7
        EC 593 00 0 8-11 usual=[2-7]:8;9:9;1[78]00:10-11
        GF 594 00 0 9
        PY 595 00 0 6-11
        MQ 596 00 0 9
        SR 597 00 - 6-7
        UY 598 00|01[3-9]# 0 4-13 usual=8;[49]0:7
        CW 599 00 - 7-8
        BQ 599 00 - 7
        MY 60 00 0 8-10 usual=1:8-10;[3-9]:8-9
        AU 61 001[14-69]|0011 183[12]|0 5-10,12 usual=[2-578]:9;13:6,10;1[89]0:7-10
        CC 61 001[14-69]|0011 0 6-10,12
        CX 61 001[14-69]|0011 0 6-10,12
        ID 62 00[1789] 0 7-17 usual=8:9-12;[2-7]:7-11
        PH 63 00 0 6,8-13 usual=9:10;[2-8]:8-10;180:11-13
        NZ 64 00 0 5-10 usual=[34679]:8;2:8-10;[58]0:7-10
        SG 65 0[0-3]# - 8,10-11 usual=8;1[89]00:10-11
        TH 66 00[1-9] 0 8-10,13 usual=[2-7]:8;[689]:9;1[89]00:10
        TL 670 00 - 7-8
        NF 672 00 - 6
        BN 673 00 - 7
        NR 674 00 - 7
        PG 675 00 - 7-8
        TO 676 00 - 5,7
        SB 677 0[01] - 5,7
        VU 678 00 - 5,7
        FJ 679 00|052 - 7,11
        PW 680 01[12] - 7
        WF 681 00 - 6,9
        CK 682 00 - 5
        NU 683 00 - 4,7
        WS 685 0 - 5-7,10
        KI 686 00 0 5,8
        NC 687 00 - 6
        TV 688 00 - 5-7
        PF 689 00 - 6,8-9
        TK 690 00 - 4-7
        FM 691 00|011 - 7
        MH 692 011 1 7
        RU 7 810 8 10,14 usual=[3489]:10
        KZ 7 810 8 10,14 usual=[678]:10
        001 800 - - 8
        001 808 - - 8
        JP 81 010 0 8-17 usual=9-10
        KR 82 00[125689]|003[46]5|00391|00700|00727|0073|00755|0076[126] 0 5-6,8-14 usual=8-10;50:11
        VN 84 00 0 7-10
        HK 852 0030|005[09]|00[126-9]|00 - 5-9,11 usual=8;[89]00:9-11
        MO 853 00 - 7-8
        KP 850 00|99 0 8,10
        KH 855 00[14-9] 0 8-10
        LA 856 00 0 8-10
        CN 86 00 0 7-12 usual=1:10-11;[2-9]:8-11
        001 870 - - 9,12
        001 878 - - 12
        BD 880 00 0 6-10
        001 881 - - 9-10
        001 882 - - 7-12
        001 883 - - 7-12
        TW 886 00[25-79]|019 0 7-11
        001 888 - - 11
        TR 90 00 0 7,10,12-13 usual=10;444:7
        IN 91 00 0 8-13 usual=[2-9]:10;1:8-13
        PK 92 00 0 8-12 usual=3:10;[2-9]:8-10
        AF 93 00 0 9
        LK 94 00 0 9
        MM 95 00 0 6-10
        MV 960 00 - 7,10
        LB 961 00 0 7-8
        JO 962 00 0 8-9
        SY 963 00 0 8-9
        IQ 964 00 0 8-10
        KW 965 00 - 7-8
        SA 966 00 0 9-10
        YE 967 00 0 7-9
        OM 968 00 - 7-9
        PS 970 00 0 8-10
        AE 971 00 0 5-12 usual=5:9;[2-479]:8;[68]00:5-12
        IL 972 00|01[2-9] 0 7-12 usual=8-9;1:7-12
        BH 973 00 - 8
        QA 974 00 - 7-9,11
        BT 975 00 - 7-8
        MN 976 001|002 0[12]|0|1 8-10
        NP 977 00 0 8,10-11
        001 979 - - 9
        TJ 992 810 8 9
        TM 993 810 8 8
        AZ 994 00 0 9
        GE 995 00 0 9
        KG 996 00 0 9-10
        UZ 998 00|810 8 9
        IR 98 00 0 4-7,10
        """;

    static readonly PhoneCountry[] All = [.. Table.Split('\n').Select(Read)];
    static readonly FrozenDictionary<string, PhoneCountry> ByIso = All.Where(c => c.Iso != "001")
        .ToFrozenDictionary(c => c.Iso, StringComparer.OrdinalIgnoreCase);
    static readonly PhoneCountry?[] ByCode = IndexByCode();

    /// <summary>The country of an ISO 3166 alpha-2 code in any case, or null.</summary>
    public static PhoneCountry? Find(string iso) => ByIso.GetValueOrDefault(iso);

    /// <summary>The plan whose country code the digits start with, or null. No code is the start of another, so the first that fits is the one.</summary>
    public static PhoneCountry? StartOf(ReadOnlySpan<char> digits)
    {
        if (digits is ['0', ..])
            return null;
        var code = 0;
        for (var i = 0; i < digits.Length && i < 3; i++)
        {
            code = code * 10 + digits[i] - '0';
            if (ByCode[code] is { } country)
                return country;
        }
        return null;
    }

    static PhoneCountry?[] IndexByCode()
    {
        var index = new PhoneCountry?[1000];
        foreach (var country in All)
            index[int.Parse(country.Code)] ??= country;
        return index;
    }

    static PhoneCountry Read(string line)
    {
        var cells = line.Trim().Split(' ');
        string Cell(string name) => Array.Find(cells, cell => cell.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? "";
        var usual = Cell("usual=")
            .Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(item => item.Contains(':') ? item.Split(':') : ["[1-9]", item])
            .Select(item => (DigitPrefixes.Parse(item[0]), ReadLengths(item[1])));
        return new(
            cells[0],
            cells[1],
            DigitPrefixes.Parse(cells[2]),
            DigitPrefixes.Parse(cells[3]),
            ReadLengths(cells[4]),
            [.. usual],
            Cell("area=")
        );
    }

    // "8,10-11"
    static uint ReadLengths(string text)
    {
        uint lengths = 0;
        foreach (var range in text.Split(','))
        {
            var ends = range.Split('-');
            for (var length = int.Parse(ends[0]); length <= int.Parse(ends[^1]); length++)
                lengths |= 1u << length;
        }
        return lengths;
    }
}
