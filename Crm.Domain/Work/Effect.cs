// What a change leads to: whoever lets a program act for people wants some of it to be seen before it is done.

namespace Crm.Domain.Work;

public enum Effect
{
    /// <summary>Nobody has said: it is seen first.</summary>
    Unsaid,

    /// <summary>It changes what it names, and can be changed back.</summary>
    Ordinary,

    /// <summary>It only looks, and at most stores what it found.</summary>
    Looks,

    /// <summary>Records are gone afterwards, or parts of them.</summary>
    Deletes,

    /// <summary>Of two records one becomes, or the other way round.</summary>
    Merges,

    /// <summary>Something leaves for people or systems elsewhere.</summary>
    Sends,

    /// <summary>It changes what somebody is owed or paid.</summary>
    Pays,

    /// <summary>It lets somebody in, or shows data outside the workspace.</summary>
    Opens,
}
