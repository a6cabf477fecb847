// Makes phone numbers of many countries as people write them, right and wrong, the same ones every time for a seed.

using System.Text;

namespace Crm.Tests.People;

public sealed record PhoneSample(string Text, string? Country, string Kind);

public sealed class PhoneSamples(int seed)
{
    // Country, country code, trunk prefix, international prefix, shapes of numbers in use there (# any digit, [..] one of these).
    const string Plans = """
        US 1 1 011 212[2-9]###### 415[2-9]###### 702[2-9]###### 800[2-9]######
        CA 1 1 011 416[2-9]###### 604[2-9]###### 514[2-9]######
        DO 1 1 011 809[2-9]###### 829[2-9]######
        BR 55 0 0015 119[6-9]####### 213[2-5]###### 4732######  6199####### 4004####
        PT 351 - 00 21####### 22####### 9[1236]####### 800######
        ES 34 - 00 6######## 91[1-9]###### 7[1-4]####### 93[1-9]######
        FR 33 0 00 6######## 14####### 7[3-8]####### 801######
        DE 49 0 00 151######## 176######## 30######## 89####### 40###### 6221###### 7071#####
        IT 39 - 00 33######## 347####### 06######## 02####### 051###### 800######
        GB 44 0 00 74######## 79######## 20[78]####### 121[2-9]###### 1539[2-9]##### 800######
        IE 353 0 00 8[567]####### 1[2-9]###### 21####### 1800######
        NL 31 0 00 6[1-5]####### 20[2-7]###### 10[2-7]###### 800####
        BE 32 0 00 4[7-9]####### 2[2-7]###### 3[2-4]######
        CH 41 0 00 7[6-9]####### 44[2-8]###### 22[37]######
        AT 43 0 00 664####### 699######## 1[5-9]###### 316######
        SE 46 0 00 7[0236]####### 8[5-7]###### 31######
        NO 47 - 00 4####### 9####### 2[1-4]######
        DK 45 - 00 2####### 3[1-9]###### 8[1269]######
        FI 358 0 00 4[04]####### 50####### 9[1-9]###### 45######
        PL 48 - 00 5[0137]####### 6[069]####### 22####### 12#######
        CZ 420 - 00 60[1-8]###### 77[2-9]###### 22#######
        HU 36 06 00 [237]0####### 1####### 52######
        RO 40 0 00 7[2-8]####### 21####### 264######
        GR 30 - 00 69[3-9]####### 210####### 2310######
        TR 90 0 00 53######## 212####### 312####### 850#######
        RU 7 8 810 91######## 495####### 812####### 800#######
        KZ 7 8 810 70[0-8]####### 727[2-9]######
        UA 380 0 00 50####### 6[36-8]####### 44#######
        BY 375 8 810 29[1-9]###### 17[2-9]######
        IN 91 0 00 98######## 99######## 112####### 802####### 7[0-8]########
        CN 86 0 00 13######### 15[0-35-9]######## 106####### 215#######
        JP 81 0 010 90[1-9]####### 80[1-9]####### 3[3-6]####### 6[4-7]####### 120######
        KR 82 0 002 10[2-9]####### 2[2-9]####### 31[2-9]######
        AU 61 0 0011 41####### 29####### 39####### 13#### 1800######
        NZ 64 0 00 21###### 21####### 27####### 9[3-6]###### 33######
        ZA 27 0 00 82####### 11####### 21####### 7[1-9]#######
        NG 234 0 009 80[3-9]####### 70[3-6]####### 81#######
        KE 254 0 000 7[0-2]####### 11[0-5]###### 20[2-7]######
        EG 20 0 00 10######## 11######## 2[23]####### 3[4-5]######
        AR 54 0 00 11[2-7]####### 911[2-7]####### 351[4-7]###### 9351[4-7]###### 2966[4]#####
        CL 56 - 1230 9[4-9]####### 22####### 32[2]######
        CO 57 0 009 30[0-5]####### 31######## 601[2-8]######
        MX 52 - 00 55######## 33[1-9]####### 81########
        PE 51 0 00 9######## 1[2-7]######
        VE 58 0 00 41[246]####### 212#######
        EC 593 0 00 9[6-9]####### 2[2-7]######
        UY 598 0 00 9[1-9]###### 2#######
        IL 972 0 00 5[0-58]####### 3[2-9]###### 7[2-9]#######
        SA 966 0 00 5[0356]####### 11[24]###### 12[2-8]######
        AE 971 0 00 5[024568]####### 4[2-4]###### 2[2-8]######
        SG 65 - 001 8[1-8]###### 9[0-8]###### 6[3-7]######
        MY 60 0 00 12####### 11[1-9]####### 3[2-9]####### 4[2-9]######
        TH 66 0 001 8[1-9]####### 9######## 2[1-9]######
        VN 84 0 00 90####### 3[2-9]####### 24########
        PH 63 0 00 917####### 28####### 32[2-7]######
        ID 62 0 008 812####### 812######## 21######## 857#########
        HK 852 - 001 5[1-9]###### 6[0-9]###### 9[0-8]###### 2[1-9]######
        TW 886 0 002 9######## 2[2-8]#######
        PK 92 0 00 3[0-4]######## 21[2-9]#######
        BD 880 0 00 1[3-9]########
        LK 94 0 00 7[1-8]####### 11[2-7]######
        MA 212 0 00 6[1-7]####### 522[2-9]#####
        BG 359 0 00 8[789]####### 2[2-9]######
        HR 385 0 00 9[1258]####### 1[2-6]######
        RS 381 0 00 6[0-69]####### 11[2-3]######
        SK 421 0 00 90####### 2[2-6]#######
        LT 370 0 00 6####### 5[2]######
        LU 352 - 00 6[269]1###### 26######
        CR 506 - 00 8[3-9]###### 2[2-7]######
        AO 244 - 00 9[1-5]####### 22#######
        MZ 258 - 00 8[2-7]####### 21######
        CV 238 - 0 9[1-9]##### 2[2-8]#####
        """;

    static readonly string[][] Rows = [.. Plans.Split('\n').Select(line => line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries))];
    static readonly string[] Separators = [" ", " ", "-", ".", "\u00A0", "", "", " - ", "/", "\u2013", "\u3000"];
    static readonly string[] Extensions =
    [
        " ext. 12",
        " ext 4567",
        "x12",
        " x 7",
        ";ext=99",
        " #42",
        ", ext. 301",
        " extension 5",
        ",,123#",
        " доб. 12",
        " Ext:9",
        " int 3",
        ";77",
        "～8",
    ];
    static readonly string[] Before = ["Tel: ", "tel:", "Phone ", "(", "T. ", "☎ "];
    static readonly string[] After = [" (home)", ")", " ", ".", " mobile", " - ask for Ana", "\n"];
    static readonly string[] Letters = ["a", "O", "l", "+", "_", "*", ":", "é", "x", "\t", "&", "1-800-FLOWERS", "?", ", "];

    readonly Random random = new(seed);

    public static int Countries => Rows.Length;

    /// <summary>About <paramref name="rounds"/> x 19 samples of every country's every shape.</summary>
    public IEnumerable<PhoneSample> Make(int rounds)
    {
        foreach (var row in Rows)
        foreach (var shape in row[4..])
            for (var round = 0; round < rounds; round++)
                foreach (var sample in Spellings(row, shape))
                    yield return sample;
    }

    IEnumerable<PhoneSample> Spellings(string[] row, string shape)
    {
        var (country, code, trunk, international) = (row[0], row[1], row[2] == "-" ? "" : row[2], row[3]);
        PhoneSample Is(string text, string kind) => new(text, country, kind);
        string National() => Fill(shape);

        yield return Is($"+{code}{National()}", "e164");
        yield return Is($"+{code} {Group(National())}", "international, grouped");
        yield return Is($"{international}{Pick([" ", "", "-"])}{code} {Group(National())}", "international prefix");
        yield return Is(trunk + National(), "national with trunk prefix");
        yield return Is($"({trunk}{National()[..2]}) " + Group(National()[2..]), "national in brackets");
        yield return Is(Group(National()), "national without trunk prefix");
        yield return Is($"+{code} ({trunk}) {Group(National())}", "international with trunk prefix");
        yield return Is($"{code} {Group(National())}", "country code without plus");
        yield return Is(OtherDigits($"+{code} {Group(National())}"), "other digits");
        yield return Is(OtherDigits(trunk + National()), "other digits, national");
        yield return Is($"+{code}{Group(National())}{Pick(Extensions)}", "extension");
        yield return Is($"{trunk}{Group(National())}{Pick(Extensions)}", "extension, national");
        yield return Is($"{Pick(Before)}{trunk}{Group(National())}{Pick(After)}", "words around");
        yield return new($"+{code}{Group(National())}", Pick(Rows)[0], "another default country");
        yield return new($"+{code}{Group(National())}", null, "no default country");
        yield return new(National() is ['0', '0', ..] ? "12345678" : "9" + National(), null, "national, no default country");
        yield return Is($"{(random.Next(2) == 0 ? $"+{code}" : trunk)}{National()[..^random.Next(1, 5)]}", "too short");
        yield return Is($"{(random.Next(2) == 0 ? $"+{code}" : trunk)}{National()}{Digits(random.Next(1, 5))}", "too long");
        yield return Is(Spoil($"+{code}{Group(National())}"), "spoiled");
        yield return Is(Spoil(trunk + Group(National())), "spoiled, national");
        yield return Is(Digits(random.Next(1, 18)), "any digits");
        yield return Is($"+{code}{Digits(random.Next(1, 16))}", "any digits after the code");
        yield return Is(Group(Digits(random.Next(3, 14))) + Pick(["", "", "#", Pick(Extensions), Pick(After)]), "any digits, grouped");
        yield return Is(
            Pick([
                "",
                " ",
                "+",
                "++" + code + National(),
                "ana@example.org",
                "n/a",
                "unknown",
                "0",
                "00",
                "+" + code,
                National() + " / " + National(),
                "-" + National(),
                "+0" + National(),
            ]),
            "not a number"
        );
    }

    string Fill(string shape)
    {
        var number = new StringBuilder();
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] == '#')
            {
                number.Append(random.Next(10));
            }
            else if (shape[i] == '[')
            {
                var end = shape.IndexOf(']', i);
                var set = new List<char>();
                for (var j = i + 1; j < end; j++)
                    if (shape[j] == '-')
                        for (var c = (char)(shape[j - 1] + 1); c < shape[j + 1]; c++)
                            set.Add(c);
                    else
                        set.Add(shape[j]);
                number.Append(set[random.Next(set.Count)]);
                i = end;
            }
            else
            {
                number.Append(shape[i]);
            }
        }
        return number.ToString();
    }

    string Group(string digits)
    {
        var text = new StringBuilder();
        var separator = Pick(Separators);
        for (var i = 0; i < digits.Length; i++)
        {
            if (i > 1 && i < digits.Length - 1 && random.Next(3) == 0)
                text.Append(separator);
            text.Append(digits[i]);
        }
        return text.ToString();
    }

    string OtherDigits(string text)
    {
        var zero = Pick(["\uFF10", "\u0660", "\u06F0"])[0];
        return string.Concat(
            text.Select(c =>
                char.IsAsciiDigit(c) ? (char)(zero + (c - '0'))
                : c == '+' && zero == '\uFF10' ? '\uFF0B'
                : c
            )
        );
    }

    string Spoil(string text) => text.Insert(random.Next(1, text.Length), Pick(Letters));

    string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + random.Next(10))));

    T Pick<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
