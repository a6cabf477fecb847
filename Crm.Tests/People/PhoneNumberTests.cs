// Phone numbers: by hand where a rule has a reason, and against libphonenumber-js for everything else.

using Crm.Domain.People;
using FluentAssertions;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.People;

public sealed class PhoneNumberTests(ITestOutputHelper output)
{
    const int Seed = 20260801;

    [Theory]
    [InlineData("+351 912 345 678", null, "+351912345678")]
    [InlineData("912345678", "PT", "+351912345678")]
    [InlineData("912345678", "pt", "+351912345678")]
    [InlineData("Tel. 21 123 45 67 (home)", "PT", "+351211234567")]
    [InlineData("(212) 555-0123 ext. 4", "US", "+12125550123")]
    [InlineData("1 212 555 0123", "CA", "+12125550123")]
    [InlineData("011 44 20 7946 0958", "US", "+442079460958")]
    [InlineData("020 7946 0958", "GB", "+442079460958")]
    [InlineData("+44 (0)20 7946 0958", "US", "+442079460958")]
    [InlineData("44 20 7946 0958", "GB", "+442079460958")]
    [InlineData("06 1234 5678", "IT", "+390612345678")] // Italy dials its 0 from abroad too.
    [InlineData("+39 06 1234 5678", null, "+390612345678")]
    [InlineData("(011) 91234-5678", "BR", "+5511912345678")]
    [InlineData("0 15 11 91234-5678", "BR", "+5511912345678")] // 15 is a carrier.
    [InlineData("(11) 6123-4567", "BR", "+551161234567")] // A mobile from before the ninth digit: that digit is not ours to add.
    [InlineData("011 15-2345-6789", "AR", "+5491123456789")]
    [InlineData("0351 15 456-7890", "AR", "+5493514567890")]
    [InlineData("02966 15 412345", "AR", "+5492966412345")]
    [InlineData("11 2345-6789", "AR", "+541123456789")]
    [InlineData("8 (912) 345-67-89", "RU", "+79123456789")]
    [InlineData("8 800 555 35 35", "RU", "+78005553535")]
    [InlineData("800 555 35 35", "RU", "+78005553535")]
    [InlineData("06 30 123 4567", "HU", "+36301234567")]
    [InlineData("345-6789", "BS", "+12423456789")] // The Bahamas have one area code.
    [InlineData("886412", "SM", "+3780549886412")]
    [InlineData("０９０－１２３４－５６７８", "JP", "+819012345678")]
    [InlineData("٠١٠ ١٢٣٤ ٥٦٧٨", "EG", "+201012345678")]
    [InlineData("tel:+1-201-555-0123;ext=7", null, "+12015550123")]
    [InlineData("+49 30 1234567 - 503#", null, "+49301234567")]
    [InlineData("", "PT", null)]
    [InlineData(null, "PT", null)]
    [InlineData("912345678", null, null)]
    [InlineData("912345678", "XX", null)]
    [InlineData("+999 123456789", null, null)]
    [InlineData("+0351912345678", null, null)]
    [InlineData("++351912345678", null, null)]
    [InlineData("1-800-FLOWERS", "US", null)]
    [InlineData("912a345678", "PT", null)]
    [InlineData("912345678 / 913345678", "PT", null)]
    [InlineData("91234567", "PT", null)]
    [InlineData("9123456789", "PT", null)]
    public void A_number_has_one_E164_spelling_or_none(string? text, string? country, string? expected)
    {
        PhoneNumber.TryNormalise(text, country, out var e164, out var reason).Should().Be(expected is not null, reason);
        e164.Should().Be(expected ?? "");
        if (expected is null)
            reason.Should().EndWith(".");
        else
            reason.Should().BeEmpty();
    }

    /// <summary>Where we know better than the library, on purpose.</summary>
    [Theory]
    [InlineData("+52 1 55 1234 5678", null, "+525512345678")] // Mexico dropped the 1 of mobiles in 2019; address books have not.
    [InlineData("044 55 1234 5678", "MX", "+525512345678")]
    [InlineData("49 151 64887817", "DE", "+4915164887817")] // A German mobile without its plus: it would be too long for a number with an area code.
    [InlineData("＋３１ ８００４０９５", null, "+318004095")] // A full-width plus is a plus.
    [InlineData("001 62 812 1234 5678", "ID", "+6281212345678")] // 001 is an Indonesian carrier's international prefix.
    [InlineData("00351 912 345 678", null, "+351912345678")] // 00 without a default country.
    public void These_are_read_where_libphonenumber_js_reads_them_otherwise(string text, string? country, string expected)
    {
        PhoneNumber.TryNormalise(text, country, out var e164, out var reason).Should().BeTrue(reason);
        e164.Should().Be(expected);
    }

    [Fact]
    public void A_refusal_for_its_length_says_the_lengths_there_are()
    {
        PhoneNumber.TryNormalise("+44 20 7946", null, out _, out var reason).Should().BeFalse();
        reason.Should().Be("A number in +44 has 7, 9, 10 digits after the country code; this one has 6.");
    }

    [Fact]
    public void A_very_long_text_is_refused_at_once() =>
        PhoneNumber.TryNormalise(new string('1', 251), "PT", out _, out _).Should().BeFalse();

    [Fact]
    public void Nothing_that_is_typed_makes_it_throw_or_answer_anything_but_E164()
    {
        var random = new Random(Seed);
        const string Characters = "0123456789012345678901234567890123456789+ -()#~,;.xext\uFF0B\uFF11\u0661isub=доб\uD800";
        string?[] countries = [null, "US", "BR", "AR", "BS", "DE", "SM", "RU", "HU", "IT"];
        var accepted = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var text = string.Concat(
                Enumerable.Range(0, random.Next(i % 100 == 0 ? 250 : 24)).Select(_ => Characters[random.Next(Characters.Length)])
            );
            if (!PhoneNumber.TryNormalise(text, countries[random.Next(countries.Length)], out var e164, out var reason))
                continue;
            accepted++;
            var isE164 =
                e164.Length is >= 5 and <= 21
                && e164[0] == '+'
                && e164[1] is >= '1' and <= '9'
                && e164.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
                && reason.Length == 0;
            isE164.Should().BeTrue($"\"{text}\" became {e164}");
        }
        accepted.Should().BeGreaterThan(1000);
    }

    sealed record Answer(string E164, bool Possible, bool Valid);

    /// <summary>
    /// "Agrees" is: where libphonenumber-js (max metadata, default options) parses the text and isPossible() is true, the same E.164;
    /// everywhere else, a refusal. isValid() is held only one way: what it calls valid must come out the same.
    /// </summary>
    [NeedsNodeFact]
    public async Task Phone_numbers_of_seventy_countries_come_out_as_libphonenumber_js_has_them()
    {
        var samples = new PhoneSamples(Seed).Make(rounds: 2).ToList();
        output.WriteLine($"seed {Seed}, {samples.Count} numbers, {PhoneSamples.Countries} countries");
        samples.Count.Should().BeGreaterThan(4000);
        PhoneSamples.Countries.Should().BeGreaterThanOrEqualTo(70);

        var pairs = await Ask(samples);

        foreach (var country in pairs.GroupBy(pair => pair.Sample.Country ?? "none").OrderBy(Agreement).Take(5))
            output.WriteLine($"{country.Key}: {Agreement(country):P2} of {country.Count()}");
        foreach (var kind in pairs.GroupBy(pair => pair.Sample.Kind).OrderBy(Agreement))
            output.WriteLine($"{kind.Key}: {Agreement(kind):P2} of {kind.Count()}");
        var valid = pairs.Where(pair => pair.Answer.Valid).ToList();
        output.WriteLine(
            $"possible for the oracle: {pairs.Count(pair => pair.Answer.Possible)}; valid for it: {valid.Count}, of these the same here: {Agreement(valid):P2}"
        );
        output.WriteLine(
            $"agreement with isValid() both ways, for information: {pairs.Count(pair => Normalise(pair.Sample) == (pair.Answer.Valid ? pair.Answer.E164 : "")) / (double)pairs.Count:P2}"
        );
        Agreement(pairs).Should().BeGreaterThanOrEqualTo(0.99);
        Agreement(valid).Should().BeGreaterThanOrEqualTo(0.998);
    }

    [NeedsNodeFact]
    public async Task Every_country_code_from_1_to_999_with_every_length_comes_out_as_libphonenumber_js_has_it()
    {
        var random = new Random(Seed);
        var samples = new List<PhoneSample>();
        for (var code = 1; code <= 999; code++)
        for (var length = 3; length <= 16; length++)
            samples.Add(
                new(
                    $"+{code}{random.Next(1, 10)}{string.Concat(Enumerable.Range(1, length - 1).Select(_ => random.Next(10)))}",
                    null,
                    "any"
                )
            );
        output.WriteLine($"seed {Seed}, {samples.Count} numbers");

        var pairs = await Ask(samples);

        // Codes that do not exist would flatter the result: they are compared, but not counted.
        var known = pairs.Where(pair => pair.Answer.E164.Length > 0 || Normalise(pair.Sample).Length > 0).ToList();
        output.WriteLine($"with a country code that exists: {known.Count}, agreement {Agreement(known):P2}");
        Agreement(known).Should().BeGreaterThanOrEqualTo(0.99);
    }

    static string Normalise(PhoneSample sample) => PhoneNumber.TryNormalise(sample.Text, sample.Country, out var e164, out _) ? e164 : "";

    static bool Agrees((PhoneSample Sample, Answer Answer) pair) =>
        Normalise(pair.Sample) == (pair.Answer.Possible ? pair.Answer.E164 : "");

    static double Agreement(IEnumerable<(PhoneSample, Answer)> pairs) => pairs.Average(pair => Agrees(pair) ? 1.0 : 0.0);

    async Task<List<(PhoneSample Sample, Answer Answer)>> Ask(IReadOnlyList<PhoneSample> samples)
    {
        var answers = await Npm.Ask<PhoneSample, Answer>("phone-oracle.mjs", samples);
        answers.Should().HaveCount(samples.Count);
        var pairs = samples.Zip(answers).ToList();
        output.WriteLine($"agreement {Agreement(pairs):P3}; every disagreement:");
        foreach (var (sample, answer) in pairs.Where(pair => !Agrees(pair)))
            output.WriteLine(
                $"{sample.Country} \"{sample.Text}\" ({sample.Kind}): here \"{Normalise(sample)}\", there \"{answer.E164}\"{(answer.Possible ? "" : " impossible")}{(answer.Valid ? " valid" : "")}"
            );
        return pairs;
    }
}
