// What is wrong with computed members before any database sees them: the same for all.

using Crm.Domain.Stores;

namespace Crm.Storage;

static class AnnotatedKeys
{
    /// <summary>The members' names.</summary>
    /// <exception cref="ArgumentException">The members are no object or no UTF-8, or a key is not one of theirs, not computed, of the other
    /// kind or there twice.</exception>
    public static IReadOnlyList<string> Check(Collection collection, Change.Annotate change)
    {
        var members = Annotations.Names(change.Members.Span);
        if (!System.Text.Unicode.Utf8.IsValid(change.Members.Span))
            throw new ArgumentException("Computed members are UTF-8.");
        foreach (var (name, value) in change.Keys)
        {
            if (collection.Key(name) is not { Computed: true } key)
                throw new ArgumentException($"'{collection.Name}' has no computed key '{name}'.");
            if (!members.Any(member => Annotations.IsOf(name, member)))
                throw new ArgumentException($"The key '{name}' is none of the computed members.");
            if (key.Kind == KeyKind.Text != value.IsText)
                throw new ArgumentException($"The key '{name}' has a value of the other kind.");
            if (!key.Many && change.Keys.Count(other => other.Field == name) > 1)
                throw new ArgumentException($"The key '{name}' has two values.");
        }
        return members;
    }
}
