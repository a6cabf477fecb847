// The encrypted file: whatever is done to it, and whoever tries, what comes out is what went in or nothing.

using Crm.Api.Backups;
using Crm.Domain.Stores;
using Xunit;

namespace Crm.Tests.Backups;

public sealed class SealedFileTests
{
    const string Passphrase = "a long passphrase é";
    const int Header = 43,
        Piece = SealedFile.PieceBytes + 16;

    static async Task<byte[]> Sealed(byte[] content)
    {
        using var to = new MemoryStream();
        await SealedFile.Write("first"u8.ToArray(), new MemoryStream(content), to, Passphrase);
        return to.ToArray();
    }

    static async Task<(string First, byte[] Content)> Opened(byte[] file, string passphrase = Passphrase)
    {
        using var rest = new MemoryStream();
        var first = await SealedFile.Read(new MemoryStream(file), rest, passphrase, "b.crm");
        return (System.Text.Encoding.UTF8.GetString(first).TrimEnd(), rest.ToArray());
    }

    static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SealedFile.PieceBytes - 1)]
    [InlineData(SealedFile.PieceBytes)]
    [InlineData(SealedFile.PieceBytes + 1)]
    [InlineData(3 * SealedFile.PieceBytes + 77)]
    public async Task what_was_sealed_comes_out_as_it_went_in(int length)
    {
        var content = Bytes(length);
        var (first, rest) = await Opened(await Sealed(content));
        first.Should().Be("first");
        rest.Should().Equal(content);
    }

    [Fact]
    public async Task another_passphrase_is_told_from_a_changed_file()
    {
        var file = await Sealed(Bytes(100));
        var other = () => Opened(file, "another passphrase");
        (await other.Should().ThrowAsync<StoreConfigurationException>()).WithMessage("The passphrase is not the one*");
        (await Opened(file, Passphrase.Normalize(System.Text.NormalizationForm.FormD))).First.Should().Be("first", "an é is an é");
        (await Sealed(Bytes(100))).Should().NotEqual(file, "the same content never makes the same file");
    }

    public static TheoryData<string> Attacks() =>
        ["cut", "cutAtPiece", "cutLast", "swapped", "doubled", "leftOut", "added", "oneBit", "header", "otherFile"];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task nothing_comes_out_of_a_file_that_was_changed(string attack)
    {
        var file = await Sealed(Bytes(3 * SealedFile.PieceBytes + 77));
        byte[] At(int piece) => file[(Header + piece * Piece)..(Header + (piece + 1) * Piece)];
        var changed = attack switch
        {
            "cut" => file[..^1],
            "cutAtPiece" => file[..(Header + 3 * Piece)],
            "cutLast" => file[..(Header + 4 * Piece)],
            "swapped" => [.. file[..(Header + Piece)], .. At(2), .. At(1), .. file[(Header + 3 * Piece)..]],
            "doubled" => [.. file[..(Header + 2 * Piece)], .. At(1), .. file[(Header + 2 * Piece)..]],
            "leftOut" => [.. file[..(Header + Piece)], .. file[(Header + 2 * Piece)..]],
            "added" => [.. file, 0],
            "oneBit" => [.. file[..(Header + Piece + 5)], (byte)(file[Header + Piece + 5] ^ 1), .. file[(Header + Piece + 6)..]],
            // The last bytes of the header begin the nonces.
            "header" => [.. file[..(Header - 1)], (byte)(file[Header - 1] ^ 1), .. file[Header..]],
            _ => [.. file[..Header], .. (await Sealed(Bytes(3 * SealedFile.PieceBytes + 77)))[Header..]],
        };
        var open = () => Opened(changed);
        (await open.Should().ThrowAsync<StoreConfigurationException>()).WithMessage("*cut short or was changed*");
    }
}
