// A secret that the product must be able to use: a password, a key. Stored as ciphertext, written by callers, given out to nobody.

namespace Crm.Domain.Resources;

/// <summary>
/// Text that a caller or the product said just now, or its ciphertext as it is stored. Whoever puts the record into a commit seals it
/// (<see cref="Work.SealedFields"/>); nothing writes the text itself anywhere.
/// </summary>
public sealed class SealedText : IEquatable<SealedText>
{
    SealedText(string? plain, string? stored) => (Plain, Stored) = (plain, stored);

    /// <summary>What was said just now; null for what is stored.</summary>
    public string? Plain { get; }

    /// <summary>The ciphertext; null for what was said just now.</summary>
    public string? Stored { get; }

    public static SealedText Of(string plain) => new(plain, null);

    internal static SealedText OfStored(string ciphertext) => new(null, ciphertext);

    public bool Equals(SealedText? other) => other is not null && other.Plain == Plain && other.Stored == Stored;

    public override bool Equals(object? obj) => Equals(obj as SealedText);

    public override int GetHashCode() => HashCode.Combine(Plain, Stored);

    /// <summary>For logs and debuggers.</summary>
    public override string ToString() => "(sealed)";
}
