// Ids as text by the resource they belong to: the prefix is said in the resource's attribute and nowhere else.

using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

public static class IdText
{
    /// <summary>Looked up once for each resource.</summary>
    static class PrefixOf<T>
        where T : Resource
    {
        public static readonly string Value = ResourceAttribute.Of(typeof(T)).Prefix;
    }

    extension(Id id)
    {
        /// <summary>The id as it is read and sent, of a record of this resource.</summary>
        public string Text<T>()
            where T : Resource => id.ToString(PrefixOf<T>.Value);
    }

    extension(Id)
    {
        /// <summary>Whether a text is the id of such a record.</summary>
        public static bool TryParse<T>(ReadOnlySpan<char> text, out Id id)
            where T : Resource => Id.TryParse(text, PrefixOf<T>.Value, out id);
    }
}
