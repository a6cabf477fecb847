// Random names that public addresses carry: nobody finds another one by counting.

using System.Security.Cryptography;

namespace Crm.Domain.Values;

public static class PublicKey
{
    /// <summary>A new one: 20 characters of digits and lower-case letters that are not mistaken for each other, about 100 random
    /// bits.</summary>
    public static string New() => RandomNumberGenerator.GetString("0123456789abcdefghjkmnpqrstvwxyz", 20);
}
