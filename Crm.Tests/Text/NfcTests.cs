// NFC: two spellings of a text become one, and hostile input does not make it slow.

using Crm.Domain.Text;
using Xunit;

namespace Crm.Tests.Text;

public class NfcTests
{
    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("Jo\u0061\u0303o", "Jo\u00E3o")]
    [InlineData("A\u030A", "\u00C5")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u2126", "\u03A9")]
    [InlineData("a\u0323\u0307", "\u1EA1\u0307")]
    [InlineData("a\u0307\u0323", "\u1EA1\u0307")]
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("s\u0307\u0323", "\u1E69")]
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\uFB2C", "\u05E9\u05BC\u05C1")]
    [InlineData("\u1100\u1161", "\uAC00")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uAC01\u11A8", "\uAC01\u11A8")]
    [InlineData("\u3099\u304B\u3099", "\u3099\u304C")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\U00011099\U000110BA", "\U0001109A")]
    [InlineData("\uF900", "\u8C48")]
    [InlineData("\U0002F800", "\u4E3D")]
    [InlineData("a\u0301\u0301", "\u00E1\u0301")]
    [InlineData("a\u0338\u0301", "\u00E1\u0338")]
    [InlineData("\u0301a", "\u0301a")]
    public void A_text_in_two_spellings_becomes_one(string text, string normal)
    {
        Nfc.Normalize(text).Should().Be(normal);
        Nfc.Normalize(normal).Should().Be(normal);
        Nfc.Normalize(text.AsSpan()).Should().Be(normal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Ana Silva")]
    [InlineData("João Müller Łódź")]
    [InlineData("Ελένη Иван 王小明 김영희")]
    [InlineData("\U0001F600 \U00020000")]
    public void A_normal_text_comes_back_as_the_same_object(string text) => Nfc.Normalize(text).Should().BeSameAs(text);

    [Fact]
    public void A_long_run_of_marks_is_left_alone_instead_of_being_sorted()
    {
        var text = "a" + string.Concat(Enumerable.Repeat("\u0300\u0316", 20_000));
        Nfc.Normalize(text).Should().BeSameAs(text);
        // As many as real writing could have are sorted.
        Nfc.Normalize("a" + string.Concat(Enumerable.Repeat("\u0316\u0300", 3))).Should().Be("\u00E0\u0316\u0316\u0316\u0300\u0300");
    }
}
